package io.github.accesstokens.samples.testing;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a provider, its only token and a client, as parameters. Copy this class. JUnit
 * 5.13 and newer closes the provider after the test.
 */
final class StubProviderExtension implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(StubProviderExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    Class<?> type = parameter.getParameter().getType();
    return type == StubProvider.class
        || type == StubToken.class
        || type == AccessTokensClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    Fixture fixture =
        test.getStore(NAMESPACE)
            .getOrComputeIfAbsent(Fixture.class, type -> Fixture.start(), Fixture.class);
    Class<?> type = parameter.getParameter().getType();
    return type == StubProvider.class
        ? fixture.provider
        : type == StubToken.class ? fixture.token : fixture.client;
  }

  private record Fixture(StubProvider provider, StubToken token, AccessTokensClient client)
      implements AutoCloseable {
    static Fixture start() {
      StubProvider provider = StubProvider.start();
      provider.acceptApiToken("api-token");
      return new Fixture(
          provider,
          provider.addToken(),
          AccessTokensClient.builder()
              .baseUrl(provider.baseUrl())
              .credentials(Credentials.apiToken("api-token"))
              .build());
    }

    @Override
    public void close() {
      client.close();
      provider.close();
    }
  }
}
