package io.github.accesstokens.faults;

/**
 * What a {@link CuttingProxy} does to a connection.
 *
 * @param way how the connection ends
 * @param direction whose bytes are counted
 * @param position how many of these bytes pass first; {@link #AT_ONCE} for none
 * @param everyConnection whether later connections are cut too
 */
record Cut(Way way, Direction direction, int position, boolean everyConnection) {
  /** Cuts before any byte arrives; position 0 waits for one. */
  static final int AT_ONCE = -1;

  /** How a connection ends. */
  enum Way {
    /** Both sides read the end of the stream. */
    FIN,
    /** The client's connection is reset. */
    RST,
    /** Nothing more passes until the client gives up. The rest of a request passes after that. */
    STALL
  }

  /** Who sends the bytes: the client a request, or the provider a response. */
  enum Direction {
    REQUEST,
    RESPONSE
  }
}
