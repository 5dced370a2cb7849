package io.github.accesstokens.contract;

import java.nio.file.Path;

/** The names of the pact, and where its two copies are. */
final class PactFile {
  static final String CONSUMER = "access-tokens-client";
  static final String PROVIDER = "access-service-tokens";
  static final String FOLDER = "pacts";

  private static final String NAME = CONSUMER + "-" + PROVIDER + ".json";

  /** The reviewed copy. */
  static final Path COMMITTED = Path.of(FOLDER, NAME);

  /** The copy that {@link RotateConsumerPactTest} of this build wrote. */
  static final Path GENERATED = Path.of(System.getProperty("pact.rootDir", "target/pacts"), NAME);

  private PactFile() {}
}
