package io.github.accesstokens.cuts;

/**
 * What a {@link CuttingProxy} does to a connection.
 *
 * @param way how it ends
 * @param direction whose bytes are counted
 * @param position how many of them still pass; {@link #AT_ONCE} for an end before any
 * @param everyConnection whether it happens to later connections too, and not only to one
 */
record Cut(Way way, Direction direction, int position, boolean everyConnection) {
  /** Not even waiting for a byte that could pass. */
  static final int AT_ONCE = -1;

  /** How a connection ends. */
  enum Way {
    /** Both sides read the end of the stream. */
    FIN,
    /** The client's connection is reset. */
    RST,
    /**
     * The connection stays, but nothing passes until the client gives up; the request then does.
     */
    STALL
  }

  /** Whose bytes. */
  enum Direction {
    REQUEST,
    ANSWER
  }
}
