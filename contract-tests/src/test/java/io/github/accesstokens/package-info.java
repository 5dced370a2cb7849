/** What the contract tests share. */
@NullMarked
package io.github.accesstokens;

import org.jspecify.annotations.NullMarked;
