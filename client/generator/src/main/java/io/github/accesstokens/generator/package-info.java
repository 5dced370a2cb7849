/** A generator of Java clients with Retrofit and Moshi, for OpenAPI Generator. */
@NullMarked
package io.github.accesstokens.generator;

import org.jspecify.annotations.NullMarked;
