package io.github.accesstokens.contract;

import java.io.IOException;
import java.util.List;
import java.util.function.BiPredicate;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The client, as the checks use it. A damaged client is a copy with one part replaced.
 *
 * @param models what its models do, apart from JSON
 * @param accepts whether the operation accepts a path parameter of a length
 * @param sent one request for each way to authenticate, with and without a body
 */
record Client(
    Decoder decoder,
    Encoder encoder,
    Models models,
    BiPredicate<String, Integer> accepts,
    List<Sent> sent,
    String baseUrl) {

  Client(
      Decoder decoder,
      Encoder encoder,
      BiPredicate<String, Integer> accepts,
      List<Sent> sent,
      String baseUrl) {
    this(decoder, encoder, Models.GENERATED, accepts, sent, baseUrl);
  }

  interface Decoder {
    Object decode(String schema, String json) throws IOException;
  }

  interface Encoder {
    String encode(String schema, Object model) throws IOException;
  }

  /**
   * A request as the server received it.
   *
   * @param credentials the names of its security schemes, joined with {@code +}
   */
  record Sent(
      String credentials, String method, String path, Headers headers, @Nullable String body) {
    Sent withMethod(String changed) {
      return new Sent(credentials, changed, path, headers, body);
    }

    Sent withPath(String changed) {
      return new Sent(credentials, method, changed, headers, body);
    }

    Sent withHeaders(Headers changed) {
      return new Sent(credentials, method, path, changed, body);
    }

    Sent withBody(String changed) {
      return new Sent(credentials, method, path, headers, changed);
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

  Client withAccepts(BiPredicate<String, Integer> changed) {
    return new Client(decoder, encoder, models, changed, sent, baseUrl);
  }

  Client withSent(List<Sent> changed) {
    return new Client(decoder, encoder, models, accepts, changed, baseUrl);
  }

  Client withBaseUrl(String changed) {
    return new Client(decoder, encoder, models, accepts, sent, changed);
  }
}
