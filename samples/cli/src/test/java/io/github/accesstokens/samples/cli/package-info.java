@NullMarked
package io.github.accesstokens.samples.cli;

import org.jspecify.annotations.NullMarked;
