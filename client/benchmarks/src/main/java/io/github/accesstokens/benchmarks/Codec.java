package io.github.accesstokens.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.model.FailureEnvelope;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import io.github.accesstokens.model.TimeJsonAdapter;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okio.Buffer;
import retrofit2.Converter;
import retrofit2.Retrofit;
import retrofit2.converter.moshi.MoshiConverterFactory;

/** A way to read and write an envelope. */
abstract class Codec {
  /** Reads an envelope. A floor does less, and returns something else. */
  abstract Object decode(byte[] json) throws IOException;

  Object encode(Object envelope) throws IOException {
    throw new UnsupportedOperationException("floors do not write");
  }

  /** Returns the document with the names that this codec reads. */
  byte[] adapt(byte[] json) {
    return json;
  }

  /** Returns the codec of that name, for envelopes of success or of failure. */
  static Codec of(String name, boolean success) {
    return switch (name) {
      case "ours" ->
          new ConverterCodec(
              retrofit(ModelConverterFactory.create()),
              success ? ServiceTokenEnvelope.class : FailureEnvelope.class);
      case "ours-strings" ->
          new ConverterCodec(
              retrofit(io.github.accesstokens.strings.model.ModelConverterFactory.create()),
              io.github.accesstokens.strings.model.ServiceTokenEnvelope.class);
      case "moshi-reflection" ->
          new ReflectionCodec(success ? ServiceTokenEnvelope.class : FailureEnvelope.class);
      case "gson" ->
          new ConverterCodec(
              new io.github.accesstokens.peers.gson.ApiClient().getAdapterBuilder().build(),
              success
                  ? io.github.accesstokens.peers.gson.model.ServiceTokenEnvelope.class
                  : io.github.accesstokens.peers.gson.model.FailureEnvelope.class);
      case "jackson" ->
          new ConverterCodec(
              new io.github.accesstokens.peers.jackson.ApiClient().getAdapterBuilder().build(),
              success
                  ? io.github.accesstokens.peers.jackson.model.ServiceTokenEnvelope.class
                  : io.github.accesstokens.peers.jackson.model.FailureEnvelope.class);
      case "jackson-strings" ->
          new ConverterCodec(
              new io.github.accesstokens.peers.jacksonstrings.ApiClient()
                  .getAdapterBuilder()
                  .build(),
              io.github.accesstokens.peers.jacksonstrings.model.ServiceTokenEnvelope.class);
      case "native" ->
          new MapperCodec(
              io.github.accesstokens.peers.jdk.ApiClient.createDefaultObjectMapper(),
              success
                  ? io.github.accesstokens.peers.jdk.model.ServiceTokenEnvelope.class
                  : io.github.accesstokens.peers.jdk.model.FailureEnvelope.class);
      case "moshi-names" -> new MoshiStrings(true);
      case "moshi-strings" -> new MoshiStrings(false);
      case "moshi-skip" -> new MoshiSkip();
      case "jackson-core" -> new JacksonCore();
      default -> throw new IllegalArgumentException("no codec is named " + name);
    };
  }

  private static Retrofit retrofit(Converter.Factory factory) {
    return new Retrofit.Builder()
        .baseUrl("https://example.com/")
        .addConverterFactory(factory)
        .build();
  }

  /** Does what a client on Retrofit does with a body, with its own converter. */
  private static class ConverterCodec extends Codec {
    private final Converter<ResponseBody, Object> reading;
    private final Converter<Object, RequestBody> writing;

    ConverterCodec(Retrofit retrofit, Type type) {
      reading = retrofit.responseBodyConverter(type, new Annotation[0]);
      writing = retrofit.requestBodyConverter(type, new Annotation[0], new Annotation[0]);
    }

    @Override
    Object decode(byte[] json) throws IOException {
      Object envelope =
          reading.convert(ResponseBody.create(new Buffer().write(json), null, json.length));
      if (envelope == null) {
        throw new IOException("no envelope");
      }
      return envelope;
    }

    @Override
    Object encode(Object envelope) throws IOException {
      RequestBody body = writing.convert(envelope);
      if (body == null) {
        throw new IOException("no body");
      }
      Buffer buffer = new Buffer();
      body.writeTo(buffer);
      buffer.clear();
      return buffer;
    }
  }

  /**
   * Moshi's reflection on the models of this client. Their fields are not annotated, so the
   * document uses the names of the fields.
   */
  private static final class ReflectionCodec extends ConverterCodec {
    ReflectionCodec(Type type) {
      super(
          retrofit(
              MoshiConverterFactory.create(
                  new Moshi.Builder().add(OffsetDateTime.class, new TimeJsonAdapter()).build())),
          type);
    }

    @Override
    byte[] adapt(byte[] json) {
      return Pattern.compile("_([a-z])(?=[a-z_]*\":)")
          .matcher(new String(json, StandardCharsets.UTF_8))
          .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT))
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Jackson alone. It reads a string, as the stock native client does. */
  private static final class MapperCodec extends Codec {
    private final ObjectMapper mapper;
    private final Class<?> type;

    MapperCodec(ObjectMapper mapper, Class<?> type) {
      this.mapper = mapper;
      this.type = type;
    }

    @Override
    Object decode(byte[] json) throws IOException {
      return mapper.readValue(new String(json, StandardCharsets.UTF_8), type);
    }

    @Override
    Object encode(Object envelope) throws IOException {
      return mapper.writeValueAsBytes(envelope);
    }
  }

  /** Reads every value that is a string, and either looks the names up or skips them. */
  private static final class MoshiStrings extends Codec {
    private static final JsonReader.Options NAMES =
        JsonReader.Options.of(
            "errors",
            "messages",
            "success",
            "result",
            "code",
            "message",
            "documentation_url",
            "source",
            "pointer",
            "id",
            "client_id",
            "client_secret",
            "created_at",
            "duration",
            "name",
            "updated_at");

    private final boolean selectsNames;

    MoshiStrings(boolean selectsNames) {
      this.selectsNames = selectsNames;
    }

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
          case NAME -> {
            if (!selectsNames || reader.selectName(NAMES) < 0) {
              reader.skipName();
            }
          }
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
