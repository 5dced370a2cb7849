/** Compares the cost of this client to stock clients and to floors, in one run. */
@NullMarked
package io.github.accesstokens.benchmarks;

import org.jspecify.annotations.NullMarked;
