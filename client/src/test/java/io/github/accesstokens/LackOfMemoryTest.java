package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.mockwebserver.MockResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that has too little memory for the response. */
class LackOfMemoryTest {
  @AutoClose private final Provider provider = new Provider();

  /** The values are around the least with which the response can be decoded. */
  @ParameterizedTest
  @ValueSource(ints = {200, 1_000, 2_000, 3_000, 4_000, 6_000, 10_000})
  void largeResponseWithLittleFreeMemory_isRotatedOrUnknown(int kilobytes) throws Exception {
    String message = "{\"code\":1000,\"message\":\"x\"},";
    String body = Provider.ROTATED.replace("\"messages\":[", "\"messages\":[" + many(message));
    provider.enqueue(
        Provider.rotated(),
        new MockResponse().setHeader("Content-Type", Responses.JSON).setBody(body));
    // The default collector spends minutes on a full heap.
    List<String> heap = List.of("-XX:+UseSerialGC", "-Xmx32m");
    Process process =
        ChildJvm.of(heap, SmallHeap.class, provider.url("/client/v4/"), String.valueOf(kilobytes))
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      byte[] output = process.getInputStream().readAllBytes();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(new String(output, StandardCharsets.UTF_8).trim())
          .matches("rotated with \\d+|Unknown whether rotated: .*");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String many(String message) {
    return message.repeat(35_000) + message.substring(0, message.length() - 1);
  }
}
