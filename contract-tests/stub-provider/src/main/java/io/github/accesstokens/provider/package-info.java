/**
 * A stub of the provider that rotates service tokens, for tests that go through a real socket.
 *
 * <pre>{@code
 * StubProvider provider = StubProvider.start();
 * provider.acceptApiToken("my-api-token");
 * StubToken token = provider.addToken();
 * }</pre>
 */
@NullMarked
package io.github.accesstokens.provider;

import org.jspecify.annotations.NullMarked;
