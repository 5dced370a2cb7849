package io.github.accesstokens.growing.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of the adapters' base that no description of today uses. */
class ModelJsonAdapterTest {
  /** Reads and writes strings; refuses {@code bad} and {@code late} with other exceptions. */
  private static final ModelJsonAdapter<String> STRINGS =
      new ModelJsonAdapter<>() {
        @Override
        String read(JsonReader reader) throws IOException {
          String value = readString(reader);
          if (value.equals("bad")) {
            throw new IllegalArgumentException(value);
          }
          if (value.equals("late")) {
            throw new DateTimeException(value);
          }
          return value;
        }

        @Override
        void write(JsonWriter writer, String value) throws IOException {
          writer.value(value);
        }
      };

  @ParameterizedTest
  @ValueSource(strings = {"bad", "late"})
  void malformedValue_isReportedByItsPathAlone(String value) {
    assertThatThrownBy(
            () -> ModelJsonAdapter.readList(json("['ok','" + value + "','ok']"), STRINGS))
        .isInstanceOf(JsonDataException.class)
        .hasMessage("Malformed value at path $[1]")
        .hasNoCause();
    assertThatThrownBy(() -> ModelJsonAdapter.readMap(json("{'k':'" + value + "'}"), STRINGS))
        .hasMessage("Malformed value at path $.k")
        .hasNoCause();
  }

  @Test
  void list_isReadInOrderAndCannotBeChanged() throws IOException {
    for (List<String> expected : List.of(List.<String>of(), List.of("a"), List.of("a", "b", "a"))) {
      Buffer written = new Buffer();
      ModelJsonAdapter.writeList(JsonWriter.of(written), STRINGS, expected);
      List<String> list = ModelJsonAdapter.readList(JsonReader.of(written), STRINGS);
      assertThat(list).isEqualTo(expected);
      assertThatThrownBy(() -> list.add("c")).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void map_isReadInOrderAndCannotBeChanged() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("z", "1");
    expected.put("a", "2");
    Buffer written = new Buffer();
    ModelJsonAdapter.writeMap(JsonWriter.of(written), STRINGS, expected);
    Map<String, String> map = ModelJsonAdapter.readMap(JsonReader.of(written), STRINGS);
    assertThat(map).containsExactlyEntriesOf(expected);
    assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void duplicateName_isRefused() {
    assertThatThrownBy(() -> ModelJsonAdapter.readMap(json("{'k':'a','k':'b'}"), STRINGS))
        .isInstanceOf(JsonDataException.class)
        .hasMessage("Duplicate property at path $.k");
  }

  @Test
  void null_isSkippedOnlyWhereItIs() throws IOException {
    JsonReader reader = json("[null,'a']");
    reader.beginArray();
    assertThat(ModelJsonAdapter.skipNull(reader)).isTrue();
    assertThat(ModelJsonAdapter.skipNull(reader)).isFalse();
    assertThat(reader.nextString()).isEqualTo("a");
  }

  @Test
  void wrongType_isRefused() {
    assertThatThrownBy(() -> ModelJsonAdapter.readString(json("5")))
        .hasMessage("Expected STRING but was NUMBER at path $");
    assertThatThrownBy(() -> ModelJsonAdapter.number(json("'5'")))
        .hasMessage("Expected NUMBER but was STRING at path $");
    assertThatThrownBy(() -> ModelJsonAdapter.readObject(json("[]")))
        .hasMessage("Expected BEGIN_OBJECT but was BEGIN_ARRAY at path $");
  }

  @Test
  void nullInAFreeFormObject_isWrittenAndTheWriterKeepsItsSetting() throws IOException {
    @Nullable Object free = ModelJsonAdapter.readAny(json("{'a':null,'b':[1.5,true]}"));
    Buffer written = new Buffer();
    JsonWriter writer = JsonWriter.of(written);
    ModelJsonAdapter.writeAny(writer, free);
    assertThat(written.readUtf8()).isEqualTo("{\"a\":null,\"b\":[1.5,true]}");
    assertThat(writer.getSerializeNulls()).isFalse();
  }

  @Test
  void nullModel_isRefusedUnlessTheAdapterIsNullSafe() throws IOException {
    assertThatThrownBy(() -> STRINGS.toJson(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("value is null; wrap the adapter with nullSafe()");
    JsonAdapter<String> nullSafe = STRINGS.nullSafe();
    assertThat(nullSafe.toJson(null)).isEqualTo("null");
    assertThat(ModelJsonAdapter.readList(json("[null]"), nullSafe))
        .isEqualTo(Collections.singletonList(null));
  }

  private static JsonReader json(String json) {
    return JsonReader.of(new Buffer().writeUtf8(json.replace('\'', '"')));
  }
}
