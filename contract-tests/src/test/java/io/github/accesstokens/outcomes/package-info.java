/**
 * Checks that the client reports correct outcomes, shows no secret, and limits what it reads and
 * how long it waits.
 */
@NullMarked
package io.github.accesstokens.outcomes;

import org.jspecify.annotations.NullMarked;
