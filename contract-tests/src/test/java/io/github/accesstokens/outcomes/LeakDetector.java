package io.github.accesstokens.truth;

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
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that somebody may get to see, from its making until it is closed: logs at the finest
 * level, standard output, and whatever it is shown.
 */
final class Evidence implements AutoCloseable {
  private static final int CONTEXT = 60;
  private static final int DEEPEST = 5;

  // Held, because java.util.logging forgets the level of a logger that nobody refers to.
  private static final List<Logger> LOGGERS =
      List.of(
          Logger.getLogger(""),
          Logger.getLogger("io.github.accesstokens"),
          Logger.getLogger("okhttp3"),
          Logger.getLogger("okhttp3.OkHttpClient"),
          Logger.getLogger("okhttp3.internal.http2.Http2"),
          Logger.getLogger("okhttp3.internal.concurrent.TaskRunner"),
          Logger.getLogger("okhttp3.mockwebserver.MockWebServer"));

  private final String mark;
  private final List<String> leaks = new ArrayList<>();
  private final List<@Nullable Level> levels = new ArrayList<>();
  private final List<Handler> silenced = List.of(LOGGERS.get(0).getHandlers());
  private final Handler handler = new Recorder();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private String scene = "";
  private int seen;

  /**
   * Begins.
   *
   * @param mark what every secret has in it
   */
  Evidence(String mark) {
    this.mark = mark;
    for (Logger logger : LOGGERS) {
      levels.add(logger.getLevel());
      logger.setLevel(Level.ALL);
    }
    silenced.forEach(LOGGERS.get(0)::removeHandler);
    LOGGERS.get(0).addHandler(handler);
    PrintStream recorded = new PrintStream(printed, true, UTF_8);
    System.setOut(recorded);
    System.setErr(recorded);
  }

  /** What is done now, for whoever reads of a leak. */
  synchronized void scene(String scene) {
    endOfScene();
    this.scene = scene;
  }

  private void endOfScene() {
    see("standard output", printed.toString(UTF_8));
    printed.reset();
  }

  /** Looks at one text. */
  synchronized void see(String where, @Nullable Object text) {
    seen++;
    String shown = String.valueOf(text);
    int at = shown.indexOf(mark);
    if (at >= 0) {
      String part =
          shown.substring(Math.max(0, at - CONTEXT), Math.min(shown.length(), at + CONTEXT));
      leaks.add(scene + ": " + where + ": " + part.replaceAll("\\s+", " "));
    }
  }

  void see(String where, Headers headers) {
    // Not its toString(), which masks some by itself.
    for (int i = 0; i < headers.size(); i++) {
      see(where + ", header", headers.name(i) + ": " + headers.value(i));
    }
  }

  void see(String where, Request request) throws IOException {
    see(where + ", request", request.toString());
    see(where + ", request", request.headers());
    if (request.body() != null && !request.body().isOneShot()) {
      Buffer body = new Buffer();
      request.body().writeTo(body);
      see(where + ", request body", body.readUtf8());
    }
  }

  void see(String where, Response response) throws IOException {
    see(where + ", response", response.toString());
    see(where + ", reason phrase", response.message());
    see(where + ", response", response.headers());
    see(where, response.request());
    for (Response other :
        new Response[] {
          response.networkResponse(), response.cacheResponse(), response.priorResponse()
        }) {
      if (other != null) {
        see(where + ", inner", other);
      }
    }
  }

  /**
   * Returns the response to use instead: with OkHttp 5, to ask for trailers is to skip the body.
   */
  Response seeWithBody(String where, Response response) throws IOException {
    see(where, response);
    Response kept = response;
    if (response.body() != null) {
      byte[] body = response.peekBody(2 << 20).bytes();
      see(where + ", media type", response.body().contentType());
      see(where + ", body", new String(body, UTF_8));
      kept =
          response
              .newBuilder()
              .body(ResponseBody.create(body, response.body().contentType()))
              .build();
    }
    Headers trailers;
    try {
      trailers = response.trailers();
    } catch (IOException | IllegalStateException e) {
      return kept;
    }
    see(where + ", trailers", trailers);
    return kept;
  }

  /** Looks at all texts of a failure, of what it holds, and at what is kept when it is written. */
  void see(String where, Throwable failure) throws Exception {
    see(where, failure, 0);
  }

  private void see(String where, Throwable failure, int depth) throws Exception {
    // Causes can go round in a circle; the stack trace below has the deeper ones all the same.
    if (depth > DEEPEST) {
      return;
    }
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    see(where + ", stack trace", trace);
    for (Method method : failure.getClass().getMethods()) {
      // The one way to a secret returns an object that hides it.
      if (method.getName().startsWith("get") && method.getParameterCount() == 0) {
        see(where + ", " + method.getName(), method.invoke(failure));
      }
    }
    if (failure.getCause() != null) {
      see(where + ", cause", failure.getCause(), depth + 1);
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      see(where + ", suppressed", suppressed, depth + 1);
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(written)) {
      stream.writeObject(failure);
    } catch (IOException e) {
      // Some failure of a caller's cannot be written.
    }
    see(where + ", serialized", written.toString(ISO_8859_1));
  }

  /** Sees what an interceptor sees. */
  Interceptor interceptor(String where) {
    return chain -> {
      see(where, chain.request());
      see(where + ", call", chain.call().request());
      see(where + ", connection", chain.connection());
      try {
        Response response = chain.proceed(chain.request());
        return seeWithBody(where, response);
      } catch (IOException | RuntimeException e) {
        look(where, e);
        throw e;
      }
    };
  }

  private void look(String where, Throwable failure) {
    try {
      see(where, failure);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** How much was looked at. */
  synchronized int seen() {
    return seen;
  }

  /** Where a secret was seen. */
  synchronized List<String> leaks() {
    endOfScene();
    return List.copyOf(leaks);
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
    LOGGERS.get(0).removeHandler(handler);
    silenced.forEach(LOGGERS.get(0)::addHandler);
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
      see(
          "log of " + Objects.requireNonNullElse(record.getLoggerName(), "?"),
          formatter.format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
