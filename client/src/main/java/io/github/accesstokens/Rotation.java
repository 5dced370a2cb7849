package io.github.accesstokens;

import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A rotation to ask for: which service token, and what is to happen around it. Immutable. */
public final class Rotation {
  private final String accountId;
  private final String serviceTokenId;
  private final @Nullable OffsetDateTime previousSecretExpiresAt;
  private final @Nullable Handover handover;
  private final int repeatsAfterUnknown;

  private Rotation(
      String accountId,
      String serviceTokenId,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      @Nullable Handover handover,
      int repeatsAfterUnknown) {
    this.accountId = accountId;
    this.serviceTokenId = serviceTokenId;
    this.previousSecretExpiresAt = previousSecretExpiresAt;
    this.handover = handover;
    this.repeatsAfterUnknown = repeatsAfterUnknown;
  }

  /** A rotation after which the previous secret stops working at once. */
  public static Rotation of(String accountId, String serviceTokenId) {
    return new Rotation(
        Objects.requireNonNull(accountId, "accountId"),
        Objects.requireNonNull(serviceTokenId, "serviceTokenId"),
        null,
        null,
        0);
  }

  /** The same, but the previous secret works until this time. */
  public Rotation previousSecretExpiresAt(OffsetDateTime time) {
    Objects.requireNonNull(time, "time");
    return new Rotation(accountId, serviceTokenId, time, handover, repeatsAfterUnknown);
  }

  /** The same, but the new secret is handed over before the call returns. */
  public Rotation handover(Handover handover) {
    Objects.requireNonNull(handover, "handover");
    return new Rotation(
        accountId, serviceTokenId, previousSecretExpiresAt, handover, repeatsAfterUnknown);
  }

  /**
   * The same, but when it is unknown whether the token was rotated, it is rotated again: so many
   * times at most.
   *
   * <p>One call can then rotate more than once. Each rotation makes another secret and turns the
   * one before into the previous one, so the secret that services use now can stop working, grace
   * time or not. Whoever is told "rotated" holds the current secret unless a request given up
   * earlier is still on its way to the provider.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Rotation allowRepeatsAfterUnknown(int repeats) {
    if (repeats < 0) {
      throw new IllegalArgumentException("repeats must not be negative, but is " + repeats);
    }
    return new Rotation(accountId, serviceTokenId, previousSecretExpiresAt, handover, repeats);
  }

  String accountId() {
    return accountId;
  }

  String serviceTokenId() {
    return serviceTokenId;
  }

  @Nullable OffsetDateTime previousSecretExpiresAt() {
    return previousSecretExpiresAt;
  }

  @Nullable Handover handover() {
    return handover;
  }

  int repeatsAfterUnknown() {
    return repeatsAfterUnknown;
  }

  @Override
  public String toString() {
    return "Rotation{accountId="
        + accountId
        + ", serviceTokenId="
        + serviceTokenId
        + ", previousSecretExpiresAt="
        + previousSecretExpiresAt
        + '}';
  }
}
