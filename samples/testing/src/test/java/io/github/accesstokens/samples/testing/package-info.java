@NullMarked
package io.github.accesstokens.samples.testing;

import org.jspecify.annotations.NullMarked;
