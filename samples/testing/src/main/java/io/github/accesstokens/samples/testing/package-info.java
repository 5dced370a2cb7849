/** An application's own rotation code, and how to test it. */
@NullMarked
package io.github.accesstokens.samples.testing;

import org.jspecify.annotations.NullMarked;
