package io.github.accesstokens.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** A service token of a {@link StubProvider}. Its methods return the current state. */
public final class StubToken {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALPHANUMERIC =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Object lock;
  private final String accountId;
  private final String id;
  private final String name;
  private final String clientId = hex(16) + ".access.example.com";
  private final Instant createdAt;
  private Instant updatedAt;
  private String clientSecret = hex(32);
  private @Nullable String previousSecret;
  private Instant previousExpiresAt = Instant.MIN;
  private int rotations;

  StubToken(Object lock, String accountId, String id, String name, Instant now) {
    this.lock = lock;
    this.accountId = accountId;
    this.id = id;
    this.name = name;
    this.createdAt = now.truncatedTo(ChronoUnit.MICROS);
    this.updatedAt = createdAt;
  }

  /** The account that owns the token. */
  public String accountId() {
    return accountId;
  }

  /** The service token's id. */
  public String id() {
    return id;
  }

  /** The service token's name. */
  public String name() {
    return name;
  }

  /** The Client ID. A rotation does not change it. */
  public String clientId() {
    return clientId;
  }

  /**
   * The current Client Secret. The first one has 64 hexadecimal characters. After a rotation it is
   * {@code cfast_}, 40 alphanumeric characters and a checksum of 8 characters.
   */
  public String clientSecret() {
    synchronized (lock) {
      return clientSecret;
    }
  }

  /** The number of rotations applied to this token. */
  public int rotations() {
    synchronized (lock) {
      return rotations;
    }
  }

  /** The id and the account, without the secret. */
  @Override
  public String toString() {
    return "service token " + id + " of account " + accountId;
  }

  /** Replaces the secret. Without an expiry, the previous secret stops working at once. */
  Map<String, Object> rotate(Instant now, @Nullable Instant previousExpiry) {
    synchronized (lock) {
      previousSecret = clientSecret;
      previousExpiresAt = previousExpiry == null ? Instant.MIN : previousExpiry;
      clientSecret = newSecret();
      Instant update = now.truncatedTo(ChronoUnit.MICROS);
      updatedAt = update.isAfter(updatedAt) ? update : updatedAt.plus(1, ChronoUnit.MICROS);
      rotations++;

      Map<String, Object> result = new LinkedHashMap<>(Description.TOKEN);
      result.put("id", id);
      result.put("client_id", clientId);
      result.put("client_secret", clientSecret);
      result.put("created_at", createdAt.toString());
      result.put("duration", "8760h");
      result.put("name", name);
      result.put("updated_at", updatedAt.toString());
      return result;
    }
  }

  boolean opens(@Nullable String clientId, @Nullable String secret, Instant now) {
    synchronized (lock) {
      if (secret == null || !this.clientId.equals(clientId)) {
        return false;
      }
      return secret.equals(clientSecret)
          || (secret.equals(previousSecret) && now.isBefore(previousExpiresAt));
    }
  }

  private static String newSecret() {
    StringBuilder secret = new StringBuilder("cfast_");
    RANDOM.ints(40, 0, ALPHANUMERIC.length()).forEach(i -> secret.append(ALPHANUMERIC.charAt(i)));
    CRC32 checksum = new CRC32();
    checksum.update(secret.substring("cfast_".length()).getBytes(US_ASCII));
    return secret.append(HexFormat.of().toHexDigits((int) checksum.getValue())).toString();
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
