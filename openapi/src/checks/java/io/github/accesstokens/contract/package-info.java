/** Checks that the documentation, the description, the client, the pact and the provider agree. */
@NullMarked
package io.github.accesstokens.contract;

import org.jspecify.annotations.NullMarked;
