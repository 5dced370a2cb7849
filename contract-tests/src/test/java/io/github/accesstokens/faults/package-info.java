/** Cuts and stalls the connection at every byte, and compares what a call told with the truth. */
@NullMarked
package io.github.accesstokens.cuts;

import org.jspecify.annotations.NullMarked;
