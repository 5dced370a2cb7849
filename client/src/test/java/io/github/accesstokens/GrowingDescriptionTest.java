package io.github.accesstokens;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.Moshi;
import com.squareup.moshi.Types;
import io.github.accesstokens.growing.api.Credentials;
import io.github.accesstokens.growing.api.OrdersApi;
import io.github.accesstokens.growing.api.ShopsApi;
import io.github.accesstokens.growing.model.Color;
import io.github.accesstokens.growing.model.Joined;
import io.github.accesstokens.growing.model.Level;
import io.github.accesstokens.growing.model.ModelConverterFactory;
import io.github.accesstokens.growing.model.ModelJsonAdapterFactory;
import io.github.accesstokens.growing.model.Order;
import io.github.accesstokens.growing.model.OrderStatus;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import okhttp3.Request;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import retrofit2.Retrofit;

/** The templates with a larger description; see {@code src/test/openapi}. */
@NullUnmarked // An unexpected null fails the test as well as an assertion does.
class GrowingDescriptionTest {
  private static final String ID = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  private static final String FULL =
      """
      {
        "id": "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", "color": "light-green", "level": 2,
        "status": "closed", "rank": 1, "note": null, "urgent": true, "tags": ["a", "b"],
        "unique": ["x"], "matrix": [[1, 2], [], [3]],
        "lines": [{"quantity": 9007199254740993, "weight": 1.5, "ratio": 0.1, "price": 12.30,
                   "count": 7}],
        "holes": [null, {"quantity": 1, "weight": 1, "ratio": 2}],
        "attributes": {"k": "v"},
        "lines_by_name": {"one": {"quantity": 1, "weight": 0.25, "ratio": 0.5}},
        "times_by_name": {"t": ["2014-01-01T05:20:00.12345Z"]},
        "extra": {"deep": [1.5, {"x": null}]}, "anything": [true, "s"], "due": "2026-12-01",
        "at": "2026-12-01T10:00:00+01:00", "link": "https://example.com/?q=1", "blob": "AAEC",
        "amount": "1.10",
        "parent": {"id": "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", "color": "red", "note": "n",
                   "urgent": false, "tags": [], "nullable_list": null, "maybe_line": null,
                   "anything": null},
        "maybe_line": {"quantity": 2, "weight": 2, "ratio": 2}, "open": {"known": "k"},
        "nothing": {}, "retries": 5, "enabled": false, "class": "c", "reader": "r",
        "token": "hidden-token", "tokens": ["hidden-one"],
        "tokens_by_name": {"k": "hidden"}, "token_lists": [["hidden"], []],
        "token_lists_by_name": {"k": ["hidden"]}, "token_maps": [{"k": "hidden"}],
        "token_maps_by_name": {"k": {"k": ["hidden"]}}, "colors": ["red", "mauve"],
        "sizes": ["s", "xl"], "nullable_list": ["a", null],
        "ids": ["f174e90a-fafe-4643-bbbc-4a0ed4fc8415"], "links": ["https://example.com/"],
        "days": ["2026-12-01"], "numbers": [1.25, 3], "flags": [true, false], "things": [{}]
      }
      """;
  private static final String LEAST =
      "{\"id\":\"%s\",\"color\":\"red\",\"note\":null,\"urgent\":false,\"tags\":[]%s}";

  @AutoClose private final Provider provider = new Provider();
  private final Moshi moshi = new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build();
  private final JsonAdapter<Order> orders = moshi.adapter(Order.class);
  private final JsonAdapter<Map<String, Object>> trees =
      moshi
          .<Map<String, Object>>adapter(
              Types.newParameterizedType(Map.class, String.class, Object.class))
          .serializeNulls();

  @Test
  void everyShape_isDecodedAndEncodedUnchanged() throws IOException {
    Order order = orders.fromJson(FULL);
    String written = orders.toJson(order);

    assertThat(orders.fromJson(written)).isEqualTo(order).hasSameHashCodeAs(order);
    assertThat(trees.fromJson(written)).isEqualTo(trees.fromJson(FULL));
    assertThat(order.toBuilder().build()).isEqualTo(order);
  }

  @Test
  void types_followTheDescription() throws IOException {
    Order order = orders.fromJson(FULL);

    assertThat(order.getId()).isEqualTo(UUID.fromString(ID));
    assertThat(order.getNote()).isNull();
    assertThat(order.getMatrix()).containsExactly(List.of(1L, 2L), List.of(), List.of(3L));
    assertThat(order.getLines().get(0).getQuantity()).isEqualTo(9007199254740993L);
    assertThat(order.getLines().get(0).getRatio()).isEqualTo(0.1f);
    assertThat(order.getLines().get(0).getPrice()).isEqualTo(new BigDecimal("12.30"));
    assertThat(order.getHoles().get(0)).isNull();
    assertThat(order.getTimesByName().get("t"))
        .containsExactly(OffsetDateTime.parse("2014-01-01T05:20:00.12345Z"));
    assertThat(order.getDue()).isEqualTo(LocalDate.of(2026, 12, 1));
    assertThat(order.getLevel()).isEqualTo(Level.NUMBER_2);
    assertThat(order.getParent().getColor()).isEqualTo(Color.RED);
    assertThat(order.getStatus()).isEqualTo(OrderStatus.CLOSED);
  }

  @Test
  void unknownEnumValue_isKept() throws IOException {
    Order order =
        orders.fromJson(LEAST.formatted(ID, ",\"status\":\"lost\"").replace("red", "mauve"));

    assertThat(order.getColor()).isEqualTo(Color.of("mauve")).isNotEqualTo(Color.RED);
    assertThat(order.getStatus().getValue()).isEqualTo("lost");
    assertThat(orders.toJson(order)).contains("\"mauve\"").contains("\"lost\"");
  }

  @Test
  void absentPropertyWithADefault_staysAbsent() throws IOException {
    Order order = orders.fromJson(LEAST.formatted(ID, ""));

    assertThat(order.getRetries()).isNull();
    assertThat(order.getStatus()).isNull();
  }

  @Test
  void wrongType_isRefusedWithItsPath() throws IOException {
    Map<String, Object> full = trees.fromJson(FULL);
    TreeSet<String> accepted = new TreeSet<>();
    for (Map.Entry<String, Object> property : full.entrySet()) {
      for (Object wrong : List.of("text", 5, true, Map.of("k", 1.5), List.of(1.5, "x", true))) {
        Map<String, Object> damaged = new LinkedHashMap<>(full);
        damaged.put(property.getKey(), wrong);
        try {
          assertThat(orders.fromJson(trees.toJson(damaged))).isNotNull();
          accepted.add(property.getKey() + " " + wrong.getClass().getSimpleName());
        } catch (JsonDataException e) {
          assertThat(e).hasMessageContaining("$." + property.getKey());
        }
      }
    }
    assertThat(accepted)
        .containsExactlyInAnyOrder(
            "amount String",
            "anything Boolean",
            "anything Integer",
            "anything ListN",
            "anything Map1",
            "anything String",
            "blob String",
            "class String",
            "color String",
            "enabled Boolean",
            "extra Map1",
            "level Integer",
            "link String",
            "note String",
            "nothing Map1",
            "rank Integer",
            "reader String",
            "retries Integer",
            "status String",
            "token String",
            "urgent Boolean");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("\"due\":\"2026-13-01\"", "$.due"),
        Arguments.of("\"link\":\"http://[\"", "$.link"),
        Arguments.of("\"ids\":[\"" + ID + "\",\"no uuid\"]", "$.ids[1]"),
        Arguments.of("\"times_by_name\":{\"t\":[\"yesterday\"]}", "$.times_by_name.t[0]"),
        Arguments.of("\"attributes\":{\"k\":\"a\",\"k\":\"b\"}", "$.attributes.k"),
        Arguments.of("\"due\":\"2026-12-01\",\"due\":\"2026-12-01\"", "$.due"),
        Arguments.of("\"lines\":[{\"quantity\":1,\"weight\":1}]", "$.lines[0].ratio"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedValue_isRefusedWithItsPath(String property, String path) {
    assertThatThrownBy(() -> orders.fromJson(LEAST.formatted(ID, "," + property)))
        .isInstanceOf(JsonDataException.class)
        .message()
        .contains(path)
        .doesNotContain("no uuid", "yesterday", "2026-13-01", "http://[");
  }

  @Test
  void passwordsAtAnyDepth_areMaskedInText() throws IOException {
    assertThat(orders.fromJson(FULL).toString())
        .contains(
            "token=██",
            "tokens=██",
            "tokensByName=██",
            "tokenLists=██",
            "tokenListsByName=██",
            "tokenMaps=██",
            "tokenMapsByName=██")
        .contains("matrix=[[1, 2], [], [3]]", "timesByName={t=[")
        .doesNotContain("hidden");
  }

  /** Each class is initialised under a lock, so two that need each other can wait forever. */
  @Test
  @Timeout(30)
  void modelsThatHoldEachOther_doNotBlockTwoThreads() throws Exception {
    try (FreshModels models = new FreshModels()) {
      CompletableFuture<String> left = models.decode("Left", "{\"rights\":[null,{}]}");
      CompletableFuture<String> right = models.decode("Right", "{\"lefts\":[null,{}]}");
      assertThat(left.get(10, SECONDS)).isEqualTo("Left{rights=[null, Right{lefts=null}]}");
      assertThat(right.get(10, SECONDS)).isEqualTo("Right{lefts=[null, Left{rights=null}]}");
    }
  }

  /** Loads the models anew. Two adapters are initialised at the same time. */
  private static final class FreshModels extends URLClassLoader {
    private static final String PACKAGE = Order.class.getPackageName();

    static {
      registerAsParallelCapable();
    }

    private final CyclicBarrier initialising = new CyclicBarrier(2);

    FreshModels() {
      super(
          new URL[] {Order.class.getProtectionDomain().getCodeSource().getLocation()},
          FreshModels.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(JsonReader.Options.class.getName())) {
        // The initialiser of an adapter needs this class.
        awaitTheOther();
      }
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    private void awaitTheOther() {
      try {
        initialising.await(5, SECONDS);
      } catch (Exception e) {
        throw new AssertionError("the other adapter is not initialised", e);
      }
    }

    CompletableFuture<String> decode(String model, String json) {
      CompletableFuture<String> decoded = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  Class<?> factory = loadClass(PACKAGE + ".ModelJsonAdapterFactory");
                  Moshi moshi =
                      new Moshi.Builder()
                          .add((JsonAdapter.Factory) factory.getField("INSTANCE").get(null))
                          .build();
                  Class<?> type = loadClass(PACKAGE + '.' + model);
                  decoded.complete(moshi.adapter(type).fromJson(json).toString());
                } catch (Throwable e) {
                  decoded.completeExceptionally(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
      return decoded;
    }
  }

  @Test
  void parameters_areSentAsDescribed() throws Exception {
    provider.enqueue(Provider.json(LEAST.formatted(ID, "")));
    OrdersApi api = OrdersApi.create(retrofit());

    Order order =
        api.getOrder(
                UUID.fromString(ID),
                List.of("a", "b c"),
                Joined.of(List.of("id", "color")),
                Color.LIGHT_GREEN,
                OffsetDateTime.parse("2026-12-01T10:00:00Z"),
                20L,
                null,
                "trace")
            .execute()
            .body();

    assertThat(order).isEqualTo(orders.fromJson(LEAST.formatted(ID, "")));
    RecordedRequest request = provider.takeRequest();
    assertThat(request.getRequestLine())
        .isEqualTo(
            "GET /orders/"
                + ID
                + "?expand=a&expand=b%20c&fields=id%2Ccolor&color=light-green"
                + "&since=2026-12-01T10%3A00%3A00Z&limit=20 HTTP/1.1");
    assertThat(request.getHeader("X-Trace")).isEqualTo("trace");
  }

  @Test
  void operationWithTwoTags_isInBothInterfaces() throws Exception {
    provider.enqueue(Provider.json("[" + LEAST.formatted(ID, "") + "]"));
    Order order = orders.fromJson(FULL);

    List<Order> response = ShopsApi.create(retrofit()).createOrder("shop", order).execute().body();

    assertThat(response).hasSize(1);
    RecordedRequest request = provider.takeRequest();
    assertThat(request.getPath()).isEqualTo("/shops/shop/orders");
    assertThat(orders.fromJson(request.getBody())).isEqualTo(order);
  }

  @Test
  void badPathParameter_isRefusedAndNothingIsSent() throws Exception {
    OrdersApi api = OrdersApi.create(retrofit());
    Order order = orders.fromJson(FULL);
    assertThatThrownBy(() -> api.createOrder("too-long-", order))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shop_name must have at most 8 characters, but has 9");
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void credentials_followTheSecuritySchemes() {
    Request request = new Request.Builder().url("https://example.com/?a=b").build();

    assertThat(
            Credentials.userAndPassword("user:pässword")
                .authenticate(request)
                .header("Authorization"))
        .isEqualTo("Basic dXNlcjpww6Rzc3dvcmQ=");
    Request both = Credentials.keyInQueryAndKeyInHeader("in query", "header").authenticate(request);
    assertThat(both.url().toString()).isEqualTo("https://example.com/?a=b&key=in%20query");
    assertThat(both.header("X-Key")).isEqualTo("header");
  }

  private Retrofit retrofit() {
    return new Retrofit.Builder()
        .baseUrl(provider.url("/"))
        .addConverterFactory(ModelConverterFactory.create())
        .build();
  }
}
