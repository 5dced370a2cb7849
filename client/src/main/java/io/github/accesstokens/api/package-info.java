/** The generated operations and credentials of the API. */
@NullMarked
package io.github.accesstokens.api;

import org.jspecify.annotations.NullMarked;
