package io.github.accesstokens.samples.service;

/** Where the rotation of a token stands. Each state is on disk before the next step begins. */
enum State {
  /** One pair is in use. The next rotation is due later. */
  READY,

  /** A rotation may have been sent. A service that starts in this state cannot know. */
  ROTATING,

  /**
   * The new pair is stored. The service uses the previous pair until Access accepts the new one.
   */
  VERIFYING,

  /** The service uses the new pair. The previous one has not expired yet. */
  EXPIRING,

  /** A rotation has an unknown outcome. Only {@link PairStore#adopt} leaves this state. */
  UNKNOWN
}
