/** Checks that the client tells what is true, shows no secret, and stays within its bounds. */
@NullMarked
package io.github.accesstokens.truth;

import org.jspecify.annotations.NullMarked;
