/** The command {@code rotate}: a command line that uses the client. */
@NullMarked
package io.github.accesstokens.samples.cli;

import org.jspecify.annotations.NullMarked;
