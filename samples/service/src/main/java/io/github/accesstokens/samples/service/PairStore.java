package io.github.accesstokens.samples.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import com.squareup.moshi.Types;
import io.github.accesstokens.FileHandover;
import io.github.accesstokens.Handover;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * The file that holds the pairs and the state. It is replaced by a rename, so a reader gets either
 * the old or the new content. Only the holder of the {@link #handover}'s lock may write.
 */
final class PairStore {
  private static final JsonAdapter<Map<String, String>> JSON =
      new Moshi.Builder()
          .build()
          .adapter(Types.newParameterizedType(Map.class, String.class, String.class));

  private final Path file;

  PairStore(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** Reads the file. Each request does: the file is small, and a cache could be out of date. */
  Snapshot read() throws IOException {
    try {
      return Snapshot.of(Objects.requireNonNull(JSON.fromJson(Files.readString(file))));
    } catch (RuntimeException e) {
      throw new IOException(file + " is not a store of pairs", e);
    }
  }

  /** Writes what must be on disk before the next step begins. */
  void write(Snapshot snapshot) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = UTF_8.encode(JSON.toJson(snapshot.toMap()));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(Objects.requireNonNull(file.getParent()))) {
      directory.force(true);
    }
  }

  /** Returns the handover of a rotation. Its lock is the right to write the file. */
  FileHandover handover(Function<String, Snapshot> snapshotOfSecret) {
    return FileHandover.to(
        file,
        token -> {
          String secret = Objects.requireNonNull(token.getClientSecret());
          return JSON.toJson(snapshotOfSecret.apply(secret).toMap());
        });
  }

  /**
   * Gives the service its first pair, or the pair that an operator found to be right after an
   * unknown outcome. A pair other than the current one is verified before it is used.
   *
   * @throws IllegalStateException if the store holds the only copy of a new pair
   */
  void adopt(Pair pair, Instant now) throws IOException {
    Handover.Receiver lock = handover(secret -> Snapshot.ready(pair, now)).prepare();
    try {
      write(adopted(pair, now));
    } finally {
      lock.close();
    }
  }

  private Snapshot adopted(Pair pair, Instant now) throws IOException {
    if (!Files.exists(file)) {
      return Snapshot.ready(pair, now);
    }
    Snapshot before = read();
    if (before.state() == State.VERIFYING && before.previousExpiresAt() != null) {
      throw new IllegalStateException("the new pair of a rotation is being verified");
    }
    return before.current().equals(pair) ? before.ready() : before.verifying(pair, null, now);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
