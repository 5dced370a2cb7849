package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import com.squareup.moshi.Types;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;

/** A run of the command in this process, and what it left behind. */
record Run(int exitCode, String out, String err) {
  static Run of(Map<String, String> variables, boolean outIsTerminal, String... arguments) {
    return of(variables, outIsTerminal, false, arguments);
  }

  static Run of(
      Map<String, String> variables,
      boolean outIsTerminal,
      boolean errIsTerminal,
      String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            variables,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            () -> outIsTerminal,
            () -> errIsTerminal);
    int exitCode = RotateCommand.run(surroundings, arguments);
    return new Run(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Standard output, which is one JSON object and no more. */
  Map<String, Object> json() throws IOException {
    return parse(out);
  }

  static Map<String, Object> parse(String json) throws IOException {
    JsonAdapter<Map<String, Object>> adapter =
        new Moshi.Builder()
            .build()
            .adapter(Types.newParameterizedType(Map.class, String.class, Object.class));
    return Objects.requireNonNull(adapter.fromJson(json));
  }
}
