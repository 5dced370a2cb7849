/** The generated models of the API. They are immutable. */
@NullMarked
package io.github.accesstokens.model;

import org.jspecify.annotations.NullMarked;
