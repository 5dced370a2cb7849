package io.github.accesstokens;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Logs requests and answers with every credential and secret masked, on any {@link
 * okhttp3.OkHttpClient}.
 */
public final class LoggingInterceptor implements Interceptor {
  private static final byte[] NOTHING = {};
  private static final Set<String> SECRET_HEADERS;

  static {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(
        Arrays.asList(
            "Authorization",
            "Proxy-Authorization",
            "X-Auth-Email",
            "X-Auth-Key",
            "CF-Access-Client-Secret",
            "Cookie",
            "Set-Cookie"));
    SECRET_HEADERS = Collections.unmodifiableSet(names);
  }

  /** Where lines go. */
  public interface Logger {
    /** Takes one line. */
    void log(String line);
  }

  private final Logger logger;
  private final boolean bodies;

  private LoggingInterceptor(Logger logger, boolean bodies) {
    this.logger = logger;
    this.bodies = bodies;
  }

  /** Logs methods, URLs, statuses and headers. */
  public static LoggingInterceptor headers(Logger logger) {
    return new LoggingInterceptor(logger, false);
  }

  /** Logs bodies, too, as far as they are JSON of 1 MiB at most. */
  public static LoggingInterceptor bodies(Logger logger) {
    return new LoggingInterceptor(logger, true);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Redaction redaction = Redaction.of(secrets(request.headers()));
    byte[] written = bodies ? written(request.body()) : NOTHING;
    redaction = redaction.andSecretsOf(written);
    logger.log(redaction.text("--> " + request.method() + ' ' + request.url()));
    log(request.headers(), redaction);
    log(written, redaction);
    Response response;
    try {
      response = chain.proceed(request);
    } catch (IOException e) {
      // Its message can repeat what was read.
      logger.log("<-- failed: " + Transmission.withoutItsWords(e));
      throw e;
    }
    byte[] answered = bodies ? response.peekBody(Answer.MAX_BYTES + 1).bytes() : NOTHING;
    redaction = redaction.andSecretsOf(answered);
    logger.log(redaction.text("<-- " + response.code() + ' ' + response.request().url()));
    log(response.headers(), redaction);
    log(answered, redaction);
    return response;
  }

  private static byte[] written(@Nullable RequestBody body) throws IOException {
    // What can be written once is not to be spent on a log.
    boolean readable =
        body != null && !body.isDuplex() && (!body.isOneShot() || body instanceof OneShotBody);
    Buffer written = new Buffer();
    if (body != null && readable) {
      body.writeTo(written);
    }
    return written.readByteArray();
  }

  private static Headers secrets(Headers headers) {
    Headers.Builder secrets = headers.newBuilder();
    for (String name : headers.names()) {
      if (!SECRET_HEADERS.contains(name)) {
        secrets.removeAll(name);
      }
    }
    return secrets.build();
  }

  private void log(Headers headers, Redaction redaction) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      String value = SECRET_HEADERS.contains(name) ? Redaction.MASK : headers.value(i);
      logger.log(redaction.text(name + ": " + value));
    }
  }

  private void log(byte[] body, Redaction redaction) {
    if (body.length == 0) {
      return;
    }
    String json = body.length > Answer.MAX_BYTES ? null : redaction.json(body);
    logger.log(json == null ? "(" + body.length + " bytes that are not JSON)" : json);
  }
}
