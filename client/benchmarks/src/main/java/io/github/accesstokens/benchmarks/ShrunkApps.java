package io.github.accesstokens.benchmarks;

import static io.github.accesstokens.benchmarks.Rotations.ACCOUNT;
import static io.github.accesstokens.benchmarks.Rotations.CREDENTIAL;
import static io.github.accesstokens.benchmarks.Rotations.TOKEN;
import static io.github.accesstokens.benchmarks.Rotations.baseUrl;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The apps that {@link Shrinking} shrinks. Each rotates once, with a grace period, and prints the
 * Client ID, the secret and the time of the response. The arguments are the provider's port and the
 * end of the grace period, in seconds since 1970: a parser of times would be a part of the app.
 */
final class ShrunkApps {
  private ShrunkApps() {}

  /** This client. It distinguishes the outcomes, as an app does. */
  static final class Ours {
    private Ours() {}

    public static void main(String[] arguments) throws IOException {
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken(CREDENTIAL))
              .baseUrl(baseUrl(ColdStart.port(arguments)))
              .build();
      try {
        Rotated rotated = client.rotate(ACCOUNT, TOKEN, graceEnd(arguments));
        ServiceToken token = rotated.getToken();
        print(token.getClientId(), rotated.getClientSecret(), token.getCreatedAt());
      } catch (RotationNotAppliedException e) {
        System.out.println("not applied: " + e.getReason());
      } catch (RotationUnknownException e) {
        System.out.println("unknown: " + e.getReason());
      }
    }
  }

  /** OkHttp, Retrofit and Moshi alone. It reads the secret and sends no body. */
  static final class BareMoshi {
    private BareMoshi() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println(Rotations.BareMoshi.at(ColdStart.port(arguments)).call());
    }
  }

  /** The stock client with Gson. */
  static final class Gson {
    private Gson() {}

    public static void main(String[] arguments) throws IOException {
      io.github.accesstokens.peers.gson.model.ServiceToken token =
          Rotations.required(
                  Rotations.Gson.api(ColdStart.port(arguments))
                      .rotateServiceToken(
                          ACCOUNT,
                          TOKEN,
                          new io.github.accesstokens.peers.gson.model.RotateServiceTokenRequest()
                              .previousClientSecretExpiresAt(graceEnd(arguments))))
              .getResult();
      print(token.getClientId(), token.getClientSecret(), token.getCreatedAt());
    }
  }

  /** The stock client with Jackson. */
  static final class Jackson {
    private Jackson() {}

    public static void main(String[] arguments) throws IOException {
      io.github.accesstokens.peers.jackson.model.ServiceToken token =
          Rotations.required(
                  Rotations.Jackson.api(ColdStart.port(arguments))
                      .rotateServiceToken(
                          ACCOUNT,
                          TOKEN,
                          new io.github.accesstokens.peers.jackson.model.RotateServiceTokenRequest()
                              .previousClientSecretExpiresAt(graceEnd(arguments))))
              .getResult();
      print(token.getClientId(), token.getClientSecret(), token.getCreatedAt());
    }
  }

  private static OffsetDateTime graceEnd(String[] arguments) {
    return Instant.ofEpochSecond(Long.parseLong(arguments[1])).atOffset(ZoneOffset.UTC);
  }

  private static void print(
      @Nullable Object clientId, @Nullable Object secret, @Nullable Object createdAt) {
    System.out.println(clientId + " " + secret + " " + createdAt);
  }
}
