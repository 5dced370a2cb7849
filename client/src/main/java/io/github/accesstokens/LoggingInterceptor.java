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

/** Logs requests and responses with every credential and secret masked. Works on any client. */
public final class LoggingInterceptor implements Interceptor {
  private static final byte[] NOTHING = {};

  /** Headers whose values are always masked. */
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

  /** Receives the log. */
  public interface Logger {
    /** Logs one line. */
    void log(String line);
  }

  private final Logger logger;
  private final boolean bodies;

  private LoggingInterceptor(Logger logger, boolean bodies) {
    this.logger = logger;
    this.bodies = bodies;
  }

  /** Returns an interceptor that logs methods, URLs, statuses and headers. */
  public static LoggingInterceptor headers(Logger logger) {
    return new LoggingInterceptor(logger, false);
  }

  /** Returns an interceptor that also logs bodies if they are JSON of at most 1 MiB. */
  public static LoggingInterceptor bodies(Logger logger) {
    return new LoggingInterceptor(logger, true);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Redaction redaction = Redaction.of(secrets(request.headers()));
    byte[] sent = bodies ? body(request) : NOTHING;
    redaction = redaction.andSecretsOf(sent);
    logger.log(redaction.text("--> " + request.method() + ' ' + request.url()));
    log(request.headers(), redaction);
    log(sent, redaction);
    Response response;
    try {
      response = chain.proceed(request);
    } catch (IOException e) {
      logger.log("<-- failed: " + SafeFailure.describe(e));
      throw e;
    }
    byte[] received = bodies ? response.peekBody(ReceivedResponse.MAX_BYTES + 1).bytes() : NOTHING;
    redaction = redaction.andSecretsOf(received);
    logger.log(redaction.text("<-- " + response.code() + ' ' + response.request().url()));
    log(response.headers(), redaction);
    log(received, redaction);
    return response;
  }

  /** Returns the body; empty if it can be written only once, because the request needs it. */
  private static byte[] body(Request request) throws IOException {
    RequestBody body = request.body();
    if (body == null
        || body.isDuplex()
        || (body.isOneShot() && !Transmission.hasOwnBody(request))) {
      return NOTHING;
    }
    Buffer written = new Buffer();
    body.writeTo(written);
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
      String value =
          SECRET_HEADERS.contains(name)
              ? Redaction.MASK
              : redaction.headerValue(name, headers.value(i));
      logger.log(redaction.text(name) + ": " + value);
    }
  }

  private void log(byte[] body, Redaction redaction) {
    if (body.length == 0) {
      return;
    }
    if (body.length > ReceivedResponse.MAX_BYTES) {
      logger.log("(more than " + ReceivedResponse.MAX_BYTES + " bytes)");
      return;
    }
    String json = redaction.json(body);
    logger.log(json == null ? "(" + body.length + " bytes that are not JSON)" : json);
  }
}
