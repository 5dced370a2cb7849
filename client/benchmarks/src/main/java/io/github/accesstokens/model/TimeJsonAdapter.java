package io.github.accesstokens.model;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Gives Moshi's reflection the parser of this client, so that only reflection makes a difference.
 */
public final class TimeJsonAdapter extends JsonAdapter<OffsetDateTime> {
  @Override
  public OffsetDateTime fromJson(JsonReader reader) throws IOException {
    return Rfc3339.parse(reader.nextString());
  }

  @Override
  public void toJson(JsonWriter writer, @Nullable OffsetDateTime value) throws IOException {
    writer.value(value == null ? null : Rfc3339.format(value));
  }
}
