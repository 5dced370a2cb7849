package io.github.accesstokens.samples.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rotation in a JVM of its own. It ticks when the test says so, and can be killed. */
final class ServiceProcess {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  private ServiceProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    in = new OutputStreamWriter(process.getOutputStream(), UTF_8);
    out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  static ServiceProcess start(
      Path store, String baseUrl, String apiToken, RotationService.Settings settings)
      throws IOException {
    Stream<String> java =
        Stream.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ServiceProcess.class.getName());
    Stream<String> arguments =
        Stream.of(
            store.toString(),
            baseUrl,
            apiToken,
            settings.accountId(),
            settings.serviceTokenId(),
            settings.protectedUrl(),
            settings.every().toString(),
            settings.grace().toString());
    ServiceProcess started = new ServiceProcess(Stream.concat(java, arguments).toList());
    started.readLine();
    return started;
  }

  /** Starts all steps that are due at this time. */
  void startTick(Instant now) throws IOException {
    in.write(now + "\n");
    in.flush();
  }

  /** Waits for the end of a tick, and returns the outcomes and the alerts of it. */
  String finishTick() throws IOException {
    return readLine();
  }

  private String readLine() throws IOException {
    return Objects.requireNonNull(out.readLine(), "the service ended");
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ticks once for each time on standard input, and prints what it reported. */
  public static void main(String[] arguments) throws IOException {
    StringBuilder reports = new StringBuilder();
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    Monitor monitor =
        new Monitor() {
          @Override
          public void count(Outcome outcome) {
            reports.append(outcome.name().toLowerCase(Locale.ROOT)).append(' ');
          }

          @Override
          public void observeAge(Supplier<@Nullable Duration> age) {}

          @Override
          public void alert(String message) {
            reports.append("alert(").append(message).append(") ");
          }
        };
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    out.println("started");
    for (String time = in.readLine(); time != null; time = in.readLine()) {
      reports.setLength(0);
      new RotationService(
              AccessTokensClient.builder()
                  .baseUrl(arguments[1])
                  .credentials(Credentials.apiToken(arguments[2]))
                  .build(),
              new PairStore(Path.of(arguments[0])),
              new RotationService.Settings(
                  arguments[3],
                  arguments[4],
                  arguments[5],
                  Duration.parse(arguments[6]),
                  Duration.parse(arguments[7]),
                  Duration.ZERO),
              monitor,
              Clock.fixed(Instant.parse(time), ZoneOffset.UTC))
          .tick();
      out.println(reports.toString().replace("\n", " "));
    }
  }
}
