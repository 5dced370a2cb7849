package io.github.accesstokens.outcomes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for secrets in logs at the finest level, in standard output, and in all that it is given.
 * It changes the loggers and standard output of the whole process until it is closed.
 */
final class LeakDetector implements AutoCloseable {
  private static final int CONTEXT = 60;
  private static final int MAX_DEPTH = 5;
  private static final int MAX_BODY = 2 << 20;

  // Held, because java.util.logging forgets the level of a logger that nobody refers to.
  private static final List<Logger> LOGGERS =
      Stream.of(
              "",
              "io.github.accesstokens",
              "okhttp3",
              "okhttp3.OkHttpClient",
              "okhttp3.internal.http2.Http2",
              "okhttp3.internal.concurrent.TaskRunner",
              "okhttp3.mockwebserver.MockWebServer")
          .map(Logger::getLogger)
          .toList();
  private static final Logger ROOT = LOGGERS.get(0);

  private final String mark;
  private final List<String> leaks = new ArrayList<>();
  private final List<@Nullable Level> levels = new ArrayList<>();
  private final List<Handler> silenced = List.of(ROOT.getHandlers());
  private final Handler handler = new Recorder();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private String scene = "";

  /**
   * Starts to record.
   *
   * @param mark a text that every secret contains
   */
  LeakDetector(String mark) {
    this.mark = mark;
    for (Logger logger : LOGGERS) {
      levels.add(logger.getLevel());
      logger.setLevel(Level.ALL);
    }
    silenced.forEach(ROOT::removeHandler);
    ROOT.addHandler(handler);
    PrintStream recorded = new PrintStream(printed, true, UTF_8);
    System.setOut(recorded);
    System.setErr(recorded);
  }

  /** Names what happens from now on; a leak is reported with this name. */
  synchronized void scene(String scene) {
    checkPrinted();
    this.scene = scene;
  }

  private void checkPrinted() {
    check("standard output", printed.toString(UTF_8));
    printed.reset();
  }

  /** Looks for a secret in one text. */
  synchronized void check(String where, @Nullable Object text) {
    String shown = String.valueOf(text);
    int at = shown.indexOf(mark);
    if (at >= 0) {
      String part =
          shown.substring(Math.max(0, at - CONTEXT), Math.min(shown.length(), at + CONTEXT));
      leaks.add(scene + ": " + where + ": " + part.replaceAll("\\s+", " "));
    }
  }

  void check(String where, Headers headers) {
    // One by one, as toString() masks some of them.
    for (int i = 0; i < headers.size(); i++) {
      check(where + ", header", headers.name(i) + ": " + headers.value(i));
    }
  }

  void check(String where, Request request) throws IOException {
    check(where + ", request", request.toString());
    check(where + ", request", request.headers());
    if (request.body() != null && !request.body().isOneShot()) {
      Buffer body = new Buffer();
      request.body().writeTo(body);
      check(where + ", request body", body.readUtf8());
    }
  }

  void check(String where, Response response) throws IOException {
    check(where + ", response", response.toString());
    check(where + ", reason phrase", response.message());
    check(where + ", response", response.headers());
    check(where, response.request());
    for (Response inner :
        new Response[] {
          response.networkResponse(), response.cacheResponse(), response.priorResponse()
        }) {
      if (inner != null) {
        check(where + ", inner", inner);
      }
    }
  }

  /**
   * Looks at a response, its body and its trailers. Returns the response to use instead, because
   * OkHttp 5 skips the body when it is asked for the trailers.
   */
  Response checkWithBody(String where, Response response) throws IOException {
    check(where, response);
    Response copy = response;
    if (response.body() != null) {
      byte[] body = response.peekBody(MAX_BODY).bytes();
      check(where + ", media type", response.body().contentType());
      check(where + ", body", new String(body, UTF_8));
      copy =
          response
              .newBuilder()
              .body(ResponseBody.create(body, response.body().contentType()))
              .build();
    }
    try {
      check(where + ", trailers", response.trailers());
    } catch (IOException | IllegalStateException e) {
      // There are none.
    }
    return copy;
  }

  /** Looks at the texts of a failure, its getters, its causes, and its serialized form. */
  void check(String where, Throwable failure) {
    check(where, failure, 0);
  }

  private void check(String where, Throwable failure, int depth) {
    // Causes can form a circle. The stack trace contains the deeper ones.
    if (depth > MAX_DEPTH) {
      return;
    }
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    check(where + ", stack trace", trace);
    for (Method method : failure.getClass().getMethods()) {
      // The getter that leads to the new secret returns an object that masks it.
      if (method.getName().startsWith("get") && method.getParameterCount() == 0) {
        try {
          check(where + ", " + method.getName(), method.invoke(failure));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    if (failure.getCause() != null) {
      check(where + ", cause", failure.getCause(), depth + 1);
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      check(where + ", suppressed", suppressed, depth + 1);
    }
    ByteArrayOutputStream serialized = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(serialized)) {
      stream.writeObject(failure);
    } catch (IOException e) {
      // Some failures of callers cannot be serialized.
    }
    check(where + ", serialized", serialized.toString(ISO_8859_1));
  }

  /** Looks at all that an interceptor can see. */
  Interceptor interceptor(String where) {
    return chain -> {
      check(where, chain.request());
      check(where + ", call", chain.call().request());
      check(where + ", connection", chain.connection());
      try {
        return checkWithBody(where, chain.proceed(chain.request()));
      } catch (IOException | RuntimeException e) {
        check(where, e);
        throw e;
      }
    };
  }

  /** Where a secret was seen. */
  synchronized List<String> leaks() {
    checkPrinted();
    return List.copyOf(leaks);
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
    ROOT.removeHandler(handler);
    silenced.forEach(ROOT::addHandler);
    for (int i = 0; i < LOGGERS.size(); i++) {
      LOGGERS.get(i).setLevel(levels.get(i));
    }
  }

  private final class Recorder extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    Recorder() {
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      check(
          "log of " + Objects.requireNonNullElse(record.getLoggerName(), "?"),
          formatter.format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
