package io.github.accesstokens;

import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A process that uses a {@link FileHandover}, and prints what happened. */
final class FileHandoverProcess implements AutoCloseable {
  private static final int ROUNDS = 300;

  private final Process process;

  private FileHandoverProcess(Process process) {
    this.process = process;
  }

  /** Starts a process. Its action is a method of this class. */
  static FileHandoverProcess start(String action, Path file, String... prefix) throws IOException {
    return start(System.getProperty("java.class.path"), action, file, prefix);
  }

  /** Starts a process through another command. */
  static FileHandoverProcess start(String classPath, String action, Path file, String... prefix)
      throws IOException {
    List<String> options = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath);
    ProcessBuilder builder =
        ChildJvm.of(options, FileHandoverProcess.class, action, file.toString());
    builder.command().addAll(0, List.of(prefix));
    return new FileHandoverProcess(builder.start());
  }

  long id() {
    return process.pid();
  }

  /** Returns the next line that the process prints. */
  String line() throws IOException {
    return process.inputReader().readLine();
  }

  /** Lets the process end, and returns the rest of what it prints. */
  String end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    String rest = String.join("\n", process.inputReader().lines().toList());
    process.waitFor();
    return rest;
  }

  /** Kills the process with no chance to clean up. */
  void kill() throws InterruptedException {
    // Through its handle, because Process.destroyForcibly closes the streams.
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String... args) throws Exception {
    Path file = Path.of(args[1]);
    switch (args[0]) {
      case "prepare" -> System.out.println(prepare(file));
      case "warnings" -> handover(file).withWarnings(System.out::println).prepare().close();
      case "hold" -> hold(file, false);
      case "receiveAndHold" -> hold(file, true);
      case "rotate" -> rotate(file);
      case "dieBeforeRename" -> dieBeforeRename(file);
      case "contend" -> contend(file);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static FileHandover handover(Path file) {
    return FileHandover.to(file, ServiceToken::getClientSecret);
  }

  /** Returns "ready", or why it is not. */
  static String prepare(Path file) {
    try {
      handover(file).prepare().close();
      return "ready";
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }

  /** Waits for the end of its input while it holds the file. */
  private static void hold(Path file, boolean receives) throws IOException {
    Handover.Receiver receiver = handover(file).prepare();
    if (receives) {
      receiver.receive(FileHandoverTest.rotated());
    }
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Waits.
    }
    receiver.close();
  }

  private static void rotate(Path file) throws IOException {
    try (Handover.Receiver receiver = handover(file).prepare()) {
      System.out.println("ready");
      receiver.receive(FileHandoverTest.rotated());
      System.out.println("received");
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  /** Dies when the temporary file is flushed and the rename has failed. */
  private static void dieBeforeRename(Path file) throws IOException {
    Handover.Receiver receiver = handover(file).prepare();
    Files.createDirectory(file);
    try {
      receiver.receive(FileHandoverTest.rotated());
    } catch (IOException e) {
      Files.delete(file);
      Runtime.getRuntime().halt(1);
    }
  }

  /** Locks and unlocks the file, and prints how often another process held it as well. */
  private static void contend(Path file) throws IOException {
    Path inside = file.resolveSibling("inside");
    int collisions = 0;
    for (int round = 0; round < ROUNDS; ) {
      TargetLock lock;
      try {
        lock = TargetLock.of(file);
      } catch (HandoverInUseException e) {
        continue;
      }
      try {
        Files.createFile(inside);
        Files.delete(inside);
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        collisions++;
      }
      lock.close();
      round++;
    }
    System.out.println(collisions + " collisions");
  }
}
