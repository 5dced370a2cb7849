package io.github.accesstokens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How much the tests try, and the counts they leave for CI to print. */
public final class TestRun {
  /**
   * Whether every matrix runs whole, as CI does with {@code -Dexhaustive=true}. Otherwise each runs
   * a part that is chosen to fail for the same bugs.
   */
  public static final boolean EXHAUSTIVE = Boolean.getBoolean("exhaustive");

  private static final Path COUNTS = Path.of("target", "contract-counts.txt");
  private static boolean begun;

  private TestRun() {}

  /** Adds a line to {@code target/contract-counts.txt}, which the first line of a run empties. */
  public static synchronized void count(String line) throws IOException {
    Files.createDirectories(COUNTS.getParent());
    Files.writeString(
        COUNTS,
        line + "\n",
        StandardOpenOption.CREATE,
        begun ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
    begun = true;
  }
}
