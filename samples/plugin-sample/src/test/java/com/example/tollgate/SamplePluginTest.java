package com.example.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.config.model.Secret;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MessageFormat;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.JsonParser;
import tollgate.core.testkit.TestExchange;

class SamplePluginTest {
  private static final MediaType CSV = MediaType.of("text/csv");
  private final MessageFormat csv = new SamplePlugin().formats().getFirst();

  @Test
  void signsWhatTheBackendIsAskedFor() {
    SignOptions options = new SignOptions(new Secret("k"), FieldName.of("X-Sig"));
    TestExchange exchange =
        TestExchange.get("/api/items")
            .field("X-Sig", "forged")
            .handler(Stage.UPSTREAM, new SignHandler(options), Side.REQUEST)
            .start();

    // printf 'GET /items' | openssl dgst -sha256 -hmac k
    assertThat(exchange.upstream().call().head().fields().all(FieldName.of("X-Sig")))
        .containsExactly("b25e9e8b520bf6a4cc6ea91e7d910e74790f867b040244383406fb867fa435d1");
    exchange.upstream().call().answer(200, "hello");
    assertThat(exchange.client().body()).isEqualTo("hello");
  }

  @Test
  void offersOneStepAndOneFormat() {
    assertThat(new SamplePlugin().handlers()).extracting(HandlerType::name).containsExactly("sign");
    assertThat(csv.name()).isEqualTo("csv");
  }

  @Test
  void readsRowsAsObjects() {
    assertThat(json("id,name\r\n7,\"Ann \"\"A\"\", jr\"\r\n8,\r\n"))
        .isEqualTo("[{\"id\":\"7\",\"name\":\"Ann \\\"A\\\", jr\"},{\"id\":\"8\",\"name\":\"\"}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,a\n1,2", "a,b\n1", "a\n\"1", "a\n\"1\"x", "a\n1\"2"})
  void refusesWhatIsNoTable(String text) {
    assertThatExceptionOfType(MalformedPayloadException.class)
        .isThrownBy(() -> json(text))
        .withMessageStartingWith("CSV");
  }

  @Test
  void writesObjectsAsRows() {
    assertThat(text("[{\"a\":1,\"b\":\"x,y\"},{\"a\":null,\"b\":\"\\\"\"}]"))
        .isEqualTo("a,b\r\n1,\"x,y\"\r\n,\"\"\"\"\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[1]", "[{\"a\":[]}]", "[{\"a\":1},{\"b\":1}]"})
  void refusesWhatNoTableCanSay(String json) {
    assertThatExceptionOfType(MalformedPayloadException.class)
        .isThrownBy(() -> text(json))
        .withMessageStartingWith("CSV");
  }

  private String json(String text) {
    ByteBuf body = Unpooled.copiedBuffer(text, UTF_8);
    try {
      return csv.builder().build(body, CSV, PayloadLimits.DEFAULT).json().toString();
    } finally {
      body.release();
    }
  }

  private String text(String json) {
    ByteBuf out = Unpooled.buffer();
    try {
      csv.formatter().format(Payload.of(JsonParser.parse(json)), CSV, out);
      return out.toString(UTF_8);
    } finally {
      out.release();
    }
  }
}
