package io.github.accesstokens;

import io.github.accesstokens.api.InvalidArgumentException;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A rotation to request: the service token and the options of the call. Immutable. */
@CheckReturnValue
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

  /** Returns a rotation after which the previous secret stops working at once. */
  public static Rotation of(String accountId, String serviceTokenId) {
    return new Rotation(
        Objects.requireNonNull(accountId, "accountId"),
        Objects.requireNonNull(serviceTokenId, "serviceTokenId"),
        null,
        null,
        0);
  }

  /** Returns a copy after which the previous secret works until this time. */
  public Rotation withPreviousSecretExpiresAt(OffsetDateTime time) {
    Objects.requireNonNull(time, "time");
    return new Rotation(accountId, serviceTokenId, time, handover, repeatsAfterUnknown);
  }

  /** Returns a copy that hands the new secret over before the call returns. */
  public Rotation withHandover(Handover handover) {
    Objects.requireNonNull(handover, "handover");
    return new Rotation(
        accountId, serviceTokenId, previousSecretExpiresAt, handover, repeatsAfterUnknown);
  }

  /**
   * Returns a copy that rotates again after an unknown outcome.
   *
   * <p>One call can then rotate more than once. Each rotation makes another secret, and the secret
   * before it becomes the previous one. So the secret that services use now can stop working, with
   * or without a grace period. A {@link Rotated} result holds the current secret, unless an earlier
   * request of the same call is still on its way to the provider.
   *
   * @param repeats the number of further rotations at most; 0 by default
   * @throws IllegalArgumentException if it is negative
   */
  public Rotation withRepeatsAfterUnknown(int repeats) {
    if (repeats < 0) {
      throw new InvalidArgumentException("repeats", "must not be negative, but is " + repeats);
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
