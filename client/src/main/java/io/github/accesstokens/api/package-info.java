/** The operations and credentials of the API; generated but for the checks of arguments. */
@NullMarked
package io.github.accesstokens.api;

import org.jspecify.annotations.NullMarked;
