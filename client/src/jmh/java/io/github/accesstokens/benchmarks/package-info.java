/** What the client costs, against what a user would otherwise pick, on the same work in one run. */
@NullMarked
package io.github.accesstokens.benchmarks;

import org.jspecify.annotations.NullMarked;
