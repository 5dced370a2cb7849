/** The command {@code rotate}: the client at work on a command line. */
@NullMarked
package io.github.accesstokens.samples.cli;

import org.jspecify.annotations.NullMarked;
