package io.github.accesstokens.contract;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The client, as the checks use it. A damaged client is a copy with one part replaced.
 *
 * @param models what its models do, apart from JSON
 * @param accepts whether the methods of an operation accept a path parameter of a length
 * @param sent the requests of each operation, for each way to authenticate
 */
record Client(
    Decoder decoder,
    Encoder encoder,
    Models models,
    Accepts accepts,
    List<Sent> sent,
    String baseUrl) {

  interface Decoder {
    Object decode(String schema, String json) throws IOException;
  }

  interface Encoder {
    String encode(String schema, Object model) throws IOException;
  }

  interface Accepts {
    Set<Boolean> test(String operation, String parameter, int length);
  }

  /**
   * A request as the server received it.
   *
   * @param operation the place of its operation
   * @param full whether it has the optional parameters and properties, too
   * @param credentials the names of its security schemes, joined with {@code +}
   * @param received the body of the response as the client read it, or the failure of the call
   */
  record Sent(
      String operation,
      boolean full,
      String credentials,
      String method,
      String path,
      Headers headers,
      @Nullable String body,
      @Nullable Object received) {
    /** A method of the client that sends nothing. */
    static Sent none(
        String operation, boolean full, String credentials, @Nullable Object received) {
      return new Sent(operation, full, credentials, "", "", Headers.of(), null, received);
    }

    String place() {
      return operation + (body == null ? "" : " with a body") + " with " + credentials;
    }

    Sent withMethod(String changed) {
      return new Sent(operation, full, credentials, changed, path, headers, body, received);
    }

    Sent withPath(String changed) {
      return new Sent(operation, full, credentials, method, changed, headers, body, received);
    }

    Sent withHeaders(Headers changed) {
      return new Sent(operation, full, credentials, method, path, changed, body, received);
    }

    Sent withBody(String changed) {
      return new Sent(operation, full, credentials, method, path, headers, changed, received);
    }

    Sent withReceived(Object changed) {
      return new Sent(operation, full, credentials, method, path, headers, body, changed);
    }
  }

  Client withDecoder(Decoder changed) {
    return new Client(changed, encoder, models, accepts, sent, baseUrl);
  }

  Client withEncoder(Encoder changed) {
    return new Client(decoder, changed, models, accepts, sent, baseUrl);
  }

  Client withModels(Models changed) {
    return new Client(decoder, encoder, changed, accepts, sent, baseUrl);
  }

  Client withAccepts(Accepts changed) {
    return new Client(decoder, encoder, models, changed, sent, baseUrl);
  }

  Client withSent(List<Sent> changed) {
    return new Client(decoder, encoder, models, accepts, changed, baseUrl);
  }

  Client withBaseUrl(String changed) {
    return new Client(decoder, encoder, models, accepts, sent, changed);
  }
}
