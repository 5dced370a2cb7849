/** A client that rotates Cloudflare Access service tokens. */
@NullMarked
package io.github.accesstokens;

import org.jspecify.annotations.NullMarked;
