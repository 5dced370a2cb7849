package io.github.accesstokens.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.Gson;
import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.model.FailureEnvelope;
import io.github.accesstokens.model.ModelJsonAdapterFactory;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import io.github.accesstokens.model.TimeJsonAdapter;
import io.github.accesstokens.peers.jdk.ApiClient;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;
import okio.Buffer;

/** One way to read and write an envelope, from bytes and to bytes. */
abstract class Codec {
  /** Reads an envelope; a floor returns something else. */
  abstract Object decode(byte[] json) throws IOException;

  byte[] encode(Object envelope) throws IOException {
    throw new UnsupportedOperationException("a floor cannot write");
  }

  /** Returns the document with the names that this codec expects. */
  byte[] adapt(byte[] json) {
    return json;
  }

  /** Returns the codec of that name for successes or for failures. */
  static Codec of(String name, boolean success) {
    return switch (name) {
      case "ours" ->
          new MoshiCodec(
              new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build(),
              success ? ServiceTokenEnvelope.class : FailureEnvelope.class);
      case "ours-strings" ->
          new MoshiCodec(
              new Moshi.Builder()
                  .add(io.github.accesstokens.strings.model.ModelJsonAdapterFactory.INSTANCE)
                  .build(),
              io.github.accesstokens.strings.model.ServiceTokenEnvelope.class);
      case "moshi-reflection" ->
          new ReflectionCodec(success ? ServiceTokenEnvelope.class : FailureEnvelope.class);
      case "gson" ->
          new GsonCodec(
              success
                  ? io.github.accesstokens.peers.gson.model.ServiceTokenEnvelope.class
                  : io.github.accesstokens.peers.gson.model.FailureEnvelope.class);
      case "jackson" ->
          new JacksonCodec(
              new io.github.accesstokens.peers.jackson.JSON().getMapper(),
              success
                  ? io.github.accesstokens.peers.jackson.model.ServiceTokenEnvelope.class
                  : io.github.accesstokens.peers.jackson.model.FailureEnvelope.class);
      case "jackson-strings" ->
          new JacksonCodec(
              new io.github.accesstokens.peers.jacksonstrings.JSON().getMapper(),
              io.github.accesstokens.peers.jacksonstrings.model.ServiceTokenEnvelope.class);
      case "native" ->
          new JacksonCodec(
              ApiClient.createDefaultObjectMapper(),
              success
                  ? io.github.accesstokens.peers.jdk.model.ServiceTokenEnvelope.class
                  : io.github.accesstokens.peers.jdk.model.FailureEnvelope.class);
      case "moshi-strings" -> new MoshiStrings();
      case "moshi-skip" -> new MoshiSkip();
      case "jackson-core" -> new JacksonCore();
      default -> throw new IllegalArgumentException("no codec is named " + name);
    };
  }

  private static class MoshiCodec extends Codec {
    private final JsonAdapter<Object> adapter;

    MoshiCodec(Moshi moshi, Type type) {
      adapter = moshi.adapter(type);
    }

    @Override
    Object decode(byte[] json) throws IOException {
      Object envelope = adapter.fromJson(new Buffer().write(json));
      if (envelope == null) {
        throw new IOException("no envelope");
      }
      return envelope;
    }

    @Override
    byte[] encode(Object envelope) throws IOException {
      Buffer buffer = new Buffer();
      adapter.toJson(buffer, envelope);
      return buffer.readByteArray();
    }
  }

  /** On our own models; their fields have no names for JSON, so the document takes theirs. */
  private static final class ReflectionCodec extends MoshiCodec {
    ReflectionCodec(Type type) {
      super(new Moshi.Builder().add(OffsetDateTime.class, new TimeJsonAdapter()).build(), type);
    }

    @Override
    byte[] adapt(byte[] json) {
      return Pattern.compile("_([a-z])(?=[a-z_]*\":)")
          .matcher(new String(json, StandardCharsets.UTF_8))
          .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT))
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Through a string, as the stock client does it. */
  private static final class GsonCodec extends Codec {
    private final Gson gson = new io.github.accesstokens.peers.gson.JSON().getGson();
    private final Class<?> type;

    GsonCodec(Class<?> type) {
      this.type = type;
    }

    @Override
    Object decode(byte[] json) {
      return gson.fromJson(new String(json, StandardCharsets.UTF_8), type);
    }

    @Override
    byte[] encode(Object envelope) {
      return gson.toJson(envelope, type).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final class JacksonCodec extends Codec {
    private final ObjectMapper mapper;
    private final Class<?> type;

    JacksonCodec(ObjectMapper mapper, Class<?> type) {
      this.mapper = mapper;
      this.type = type;
    }

    @Override
    Object decode(byte[] json) throws IOException {
      return mapper.readValue(json, type);
    }

    @Override
    byte[] encode(Object envelope) throws IOException {
      return mapper.writeValueAsBytes(envelope);
    }
  }

  /** Reads every value that is a string and skips all names: what no client of Moshi can beat. */
  private static final class MoshiStrings extends Codec {
    @Override
    Object decode(byte[] json) throws IOException {
      JsonReader reader = JsonReader.of(new Buffer().write(json));
      int sum = 0;
      while (true) {
        switch (reader.peek()) {
          case BEGIN_OBJECT -> reader.beginObject();
          case END_OBJECT -> reader.endObject();
          case BEGIN_ARRAY -> reader.beginArray();
          case END_ARRAY -> reader.endArray();
          case NAME -> reader.skipName();
          case STRING -> sum += reader.nextString().length();
          case NUMBER, BOOLEAN, NULL -> reader.skipValue();
          case END_DOCUMENT -> {
            return sum;
          }
        }
      }
    }
  }

  private static final class MoshiSkip extends Codec {
    @Override
    Object decode(byte[] json) throws IOException {
      JsonReader reader = JsonReader.of(new Buffer().write(json));
      reader.skipValue();
      return reader.peek();
    }
  }

  /** Reads every value that is a string. */
  private static final class JacksonCore extends Codec {
    private final JsonFactory factory = new JsonFactory();

    @Override
    Object decode(byte[] json) throws IOException {
      int sum = 0;
      try (JsonParser parser = factory.createParser(json)) {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          if (token == JsonToken.VALUE_STRING) {
            sum += parser.getText().length();
          }
        }
      }
      return sum;
    }
  }
}
