/**
 * Cuts and stalls connections at every byte, and compares the outcome that the client reports with
 * what the provider did.
 */
@NullMarked
package io.github.accesstokens.faults;

import org.jspecify.annotations.NullMarked;
