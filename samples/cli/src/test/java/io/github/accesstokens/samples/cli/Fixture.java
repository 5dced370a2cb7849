package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import com.squareup.moshi.Types;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The command in this process, with a provider and a token to rotate. Its streams are pipes. */
final class Fixture implements AutoCloseable {
  static final String API_TOKEN = "an-api-token-nobody-may-see";

  final StubProvider provider;
  final StubToken token;
  final Map<String, String> variables = new HashMap<>();
  BooleanSupplier outIsTerminal = () -> false;
  BooleanSupplier errIsTerminal = () -> false;
  List<Path> rescueDirectories = List.of();
  private final Socket boundSocket = new Socket();
  private OutputStream out = new ByteArrayOutputStream();

  Fixture() {
    this(Clock.systemUTC());
  }

  Fixture(Clock clock) {
    provider = StubProvider.start(clock);
    provider.acceptApiToken(API_TOKEN);
    token = provider.addToken();
    variables.put("CLOUDFLARE_API_TOKEN", API_TOKEN);
    variables.put("CLOUDFLARE_ACCOUNT_ID", token.accountId());
    variables.put("CLOUDFLARE_BASE_URL", provider.baseUrl());
  }

  /** Makes standard output of the next run fail at the first character that is not blank. */
  void failStandardOutput() {
    out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            if (!Character.isWhitespace(b)) {
              throw new IOException("No space left on device");
            }
          }
        };
  }

  /** Adds a line to {@code target/counts.txt}, which CI prints. */
  static void count(String line) throws IOException {
    Files.writeString(
        Path.of("target", "counts.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Rotates the token and revokes its previous secret. */
  Run run(String... options) {
    return runWithoutGrace(
        Stream.concat(Stream.of("--revoke-now"), Stream.of(options)).toArray(String[]::new));
  }

  /** Rotates the token. The options say when the previous secret expires. */
  Run runWithoutGrace(String... options) {
    return runWith(
        Stream.concat(Stream.of("--service-token-id", token.id()), Stream.of(options))
            .toArray(String[]::new));
  }

  /** Runs the command with these arguments alone. */
  Run runWith(String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, UTF_8);
    int exitCode =
        RotateCommand.run(
            environment(printed, new PrintStream(err, true, UTF_8)),
            new Shutdown(Duration.ZERO),
            arguments);
    String text = out instanceof ByteArrayOutputStream bytes ? bytes.toString(UTF_8) : "";
    out = new ByteArrayOutputStream();
    return new Run(exitCode, text, err.toString(UTF_8));
  }

  ProcessEnvironment environment(PrintStream out, PrintStream err) {
    return new ProcessEnvironment(
        variables,
        out,
        blank -> checkOut(out, blank),
        rescueDirectories,
        err,
        outIsTerminal,
        errIsTerminal);
  }

  private static void checkOut(PrintStream out, String blank) throws IOException {
    out.print(blank);
    if (out.checkError()) {
      throw new IOException("it failed");
    }
  }

  /** Returns a loopback port that refuses connections, and that no server gets meanwhile. */
  int closedPort() throws IOException {
    boundSocket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return boundSocket.getLocalPort();
  }

  /** Enqueues a JSON response. */
  void respond(int status, String json) {
    provider.enqueue(Fault.respond(status, "application/json", json));
  }

  /** Enqueues a success with this result. */
  void respond(Map<String, String> result) {
    String json = new Moshi.Builder().build().adapter(Map.class).toJson(result);
    respond(200, "{\"success\": true, \"errors\": [], \"messages\": [], \"result\": " + json + "}");
  }

  @Override
  public void close() throws IOException {
    boundSocket.close();
    provider.close();
  }

  /** The exit code and the output of a run. */
  record Run(int exitCode, String out, String err) {
    /** Parses standard output, which is one JSON object and no more. */
    Map<String, Object> json() {
      return parse(out);
    }

    /** Asserts the exit code, some properties of the JSON object and parts of standard error. */
    void assertOutcome(int exitCode, String json, String... err) {
      assertThat(this.exitCode).isEqualTo(exitCode);
      assertThat(json()).containsAllEntriesOf(parse(json));
      assertThat(this.err).doesNotContain("\tat ");
      assertThat(err).allSatisfy(part -> assertThat(this.err).contains(part));
    }
  }

  static Map<String, Object> parse(String json) {
    JsonAdapter<Map<String, Object>> adapter =
        new Moshi.Builder()
            .build()
            .adapter(Types.newParameterizedType(Map.class, String.class, Object.class));
    try {
      return Objects.requireNonNull(adapter.fromJson(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
