package tollgate.analytics.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.analytics.telemetry.Recorded;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.Outcome;
import tollgate.core.telemetry.TunnelEnd;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LineEncoderTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void writesEveryKnownFieldInOrder() {
    String line =
        encode(
            Recorded.exchange()
                .tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "api.example.com")
                .clientSubject("CN=shop,O=Acme \"Ltd\"")
                .fault(Fault.of(FaultCode.UPSTREAM_TIMEOUT, "slow"))
                .grpcStatus(14)
                .tunnelEnd(new TunnelEnd(1001, TunnelEnd.By.GATEWAY, "idle"))
                .field("User-Agent", "curl/8.5.0")
                .field("referer", "https://shop.example.com/cart?token=s3cret#top")
                .field("Content-Type", "application/json"),
            "node-a",
            false);

    assertThat(line)
        .isEqualTo(
            """
            {"ts":"2026-11-23T10:20:30.045Z","request_id":"r-1",\
            "trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331",\
            "node":"node-a","config_generation":3,"listener":"http","client_ip":"203.0.113.9",\
            "peer_ip":"10.1.2.3","client_port":51000,"protocol":"HTTP/1.1",\
            "tls.version":"TLSv1.3","tls.cipher":"TLS_AES_128_GCM_SHA256",\
            "tls.sni":"api.example.com","tls.client_subject":"CN=shop,O=Acme \\"Ltd\\"",\
            "method":"GET","scheme":"https",\
            "host":"api.example.com","path":"/orders/7","api":"orders","api_version":"1.0.0",\
            "operation":"getOrder","status":504,"outcome":"upstream_timeout",\
            "error_code":"101504","request_bytes":11,"response_bytes":2048,\
            "duration_ms":12.346,"overhead_ms":0.346,"upstream":"orders-v1",\
            "target":"10.0.0.7:8080","upstream_status":504,"upstream_ms":12.000,\
            "connect_ms":0.046,"ttfb_ms":12.000,"attempts":1,"grpc.status":14,\
            "ws.close_code":1001,\
            "ws.closed_by":"gateway","ws.close_reason":"idle","user_agent":"curl/8.5.0",\
            "referer":"https://shop.example.com/cart","content_type":"application/json"}
            """);
    int at = 0;
    for (Field field : Field.values()) {
      assertThat(line.indexOf("\"" + field.word() + "\":", at)).as(field.word()).isPositive();
      at = line.indexOf("\"" + field.word() + "\":", at);
    }
  }

  @Test
  void tellsTheTcpPeerApartFromTheClientOfItsHeader() {
    JsonNode line = parse(encode(Recorded.exchange().tcpPeer("2001:db8::9"), null, false));

    assertThat(line.get("client_ip").asString()).isEqualTo("203.0.113.9");
    assertThat(line.get("peer_ip").asString()).isEqualTo("2001:db8::9");
    assertThat(line.get("client_port").asInt()).isEqualTo(51_000);
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    JsonNode line =
        parse(
            encode(
                Recorded.exchange()
                    .route(RouteHandle.NONE)
                    .upstream(null)
                    .traceId(null)
                    .authority("")
                    .requestId("")
                    .status(0, Outcome.CLIENT_CLOSED),
                null,
                false));

    assertThat(line.propertyNames())
        .containsExactly(
            "ts",
            "config_generation",
            "listener",
            "client_ip",
            "peer_ip",
            "client_port",
            "protocol",
            "method",
            "scheme",
            "path",
            "outcome",
            "request_bytes",
            "response_bytes",
            "duration_ms",
            "overhead_ms");
  }

  @Test
  void keepsTheQueryOnlyIfConfigured() {
    Recorded exchange =
        Recorded.exchange().path("/a", "token=x").field("Referer", "http://b/?code=y");

    assertThat(encode(exchange, null, false)).doesNotContain("token").doesNotContain("code=");
    JsonNode line = parse(encode(exchange, null, true));
    assertThat(line.get("path").asString()).isEqualTo("/a?token=x");
    assertThat(line.get("referer").asString()).isEqualTo("http://b/?code=y");
  }

  @Test
  void cutsTheQueryOffTheTargetOfMalformedRequest() {
    assertThat(encode(Recorded.exchange().path("/a?key=s3cret", null), null, false))
        .contains("\"path\":\"/a\"")
        .doesNotContain("s3cret");
  }

  @Test
  void neverShowsCredentials() {
    String line =
        encode(
            Recorded.exchange()
                .field("Authorization", "Bearer s3cret")
                .field("Proxy-Authorization", "Basic s3cret")
                .field("Cookie", "session=s3cret")
                .field("ApiKey", "s3cret"),
            null,
            true);

    assertThat(line).doesNotContain("s3cret");
  }

  @Test
  void escapesWhatCouldForgeLinesOrDriveTerminal() {
    String agent = "a\r\n{\"ts\":1}\u001b[31m\u009b31m\u007f\t${jndi:ldap://x}\\\"";
    String line = encode(Recorded.exchange().field("User-Agent", agent), null, false);

    assertThat(line.chars().filter(c -> c == '\n').count()).isOne();
    assertThat(line.strip().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
    assertThat(parse(line).get("user_agent").asString()).isEqualTo(agent);
  }

  @Test
  void readsFieldValuesAsUtf8AndKeepsBytesThatAreNot() {
    String utf8 = new String("Grüße 😀".getBytes(UTF_8), ISO_8859_1);

    assertThat(agent(utf8)).isEqualTo("Grüße 😀");
    assertThat(agent("caf\u00e9 au lait")).isEqualTo("caf\u00e9 au lait");
    assertThat(agent("\u00c0\u00af")).as("overlong").isEqualTo("\u00c0\u00af");
    assertThat(agent("\u00ed\u00a0\u0080")).as("surrogate").isEqualTo("\u00ed\u00a0\u0080");
    assertThat(agent("\u00f4\u0090\u0080\u0080")).as("too big").hasSize(4);
    assertThat(agent("\u00e2\u0082")).as("unfinished").isEqualTo("\u00e2\u0082");
  }

  @Test
  void cutsEveryTextAtOneKibibyte() {
    assertThat(agent("x".repeat(1 << 20))).hasSize(1_024);
    assertThat(agent("x".repeat(1_023) + "\u00c3\u00bc")).as("cut inside ü").hasSize(1_023);
    JsonNode line =
        parse(encode(Recorded.exchange().path("/" + "p".repeat(5_000), "q"), null, true));
    assertThat(line.get("path").asString()).hasSize(1_024);
  }

  @Test
  void anyOctetsParseBackToWhatTheyMean() {
    Random random = new Random(20_261_123);
    for (int i = 0; i < 3_000; i++) {
      byte[] octets = new byte[random.nextInt(40)];
      random.nextBytes(octets);
      if (i % 3 == 0) {
        octets = randomText(random).getBytes(UTF_8);
      }
      String wire = new String(octets, ISO_8859_1);
      String agent = wire.isEmpty() ? "" : agent(wire);
      if (isUtf8(octets)) {
        assertThat(agent).isEqualTo(new String(octets, UTF_8));
      } else {
        assertThat(agent).isNotEmpty();
      }
    }
  }

  @Test
  void writesNumbersOfAnySize() {
    JsonBuffer out = new JsonBuffer();
    out.number(0);
    assertThat(text(out)).isEqualTo("0");
    for (long number = 1; number > 0; number *= 10) {
      for (long near : new long[] {number - 1, number, number + 1, 7 * number, Long.MAX_VALUE}) {
        if (near >= 0) {
          out.truncate(0);
          out.number(near);
          assertThat(text(out)).isEqualTo(Long.toString(near));
        }
      }
    }
    out.truncate(0);
    out.millis(999_999_500);
    assertThat(text(out)).isEqualTo("1000.000");
  }

  @Test
  void escapesWhatMustBeWhereverItStands() {
    JsonBuffer out = new JsonBuffer();
    for (int length = 1; length < 20; length++) {
      for (int at = 0; at < length; at++) {
        for (int octet = 0; octet < 256; octet++) {
          char[] octets = "x".repeat(length).toCharArray();
          octets[at] = (char) octet;
          out.truncate(0);
          out.wire(new String(octets), length);
          String written = text(out);
          assertThat(parse(written).asString()).isEqualTo(new String(octets));
          assertThat(written.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        }
      }
    }
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
      text.appendCodePoint(Character.getType(codePoint) == Character.SURROGATE ? 'x' : codePoint);
    }
    return text.toString();
  }

  private static boolean isUtf8(byte[] octets) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private static String agent(String value) {
    return parse(encode(Recorded.exchange().field("User-Agent", value), null, false))
        .get("user_agent")
        .asString();
  }

  private static JsonNode parse(String line) {
    return JSON.readTree(line);
  }

  private static String encode(Recorded exchange, @Nullable String node, boolean withQuery) {
    JsonBuffer out = new JsonBuffer();
    new LineEncoder(out, node, withQuery).encode(exchange.build());
    return text(out);
  }

  private static String text(JsonBuffer out) {
    return new String(out.array(), 0, out.length(), US_ASCII);
  }
}
