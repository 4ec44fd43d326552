package tollgate.core.message.multipart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.media.MediaType;
import tollgate.core.message.JsonXml;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.MultipartMessages;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;

class MultipartTest {
  private static final MediaType FORM = MediaType.of("multipart/form-data; boundary=b");

  @Test
  void findsFieldsAndFiles() {
    String text =
        String.join(
            "\r\n",
            "preamble",
            "--b ",
            "Content-Disposition: form-data; name=\"text\"",
            "",
            "ä",
            "zwei",
            "--b",
            "content-disposition: form-data; name=up; filename=\"C:\\dir\\ü.bin\"",
            "Content-Type: image/png",
            "",
            "",
            "--a-\n",
            "--b",
            "Content-Disposition: form-data; name=\"text\"",
            "",
            "",
            "--b--\t",
            "epilogue");
    MultipartBody body = parse(text);
    assertThat(body.parts()).extracting(Part::name).containsExactly("text", "up", "text");
    assertThat(text(body.parts().get(0))).isEqualTo("ä\r\nzwei");
    assertThat(text(body.parts().get(1))).isEqualTo("\r\n--a-\n");
    assertThat(body.parts().get(1).filename()).isEqualTo("C:\\dir\\ü.bin");
    assertThat(body.parts().get(1).contentType()).isEqualTo(MediaType.of("image/png"));
    assertThat(body.parts().get(2).size()).isZero();
  }

  @Test
  void describesAFormAsJson() {
    MultipartBody body =
        parse(
            part("name=\"a\"", "1")
                + part("name=\"a\"", "ä")
                + part("name=\"f\"; filename=\"x.png\"\r\nContent-Type: image/png", "\u0000\u0001")
                + part("name=\"e\"", "")
                + "--b--\r\n");
    assertThat(body.json())
        .hasToString(
            "{\"a\":[\"1\",\"ä\"],\"f\":{\"filename\":\"x.png\",\"contentType\":\"image/png\",\"size\":2},\"e\":\"\"}");
    assertThat(body.xml(JsonXml.Shape.EXACT).size()).isPositive();
  }

  @Test
  void describesWhatIsNoTextAsAFile() {
    byte[] bytes = (part("name=a", "\u00ff") + "--b--").getBytes(ISO_8859_1);
    MultipartBody body = MultipartBody.parse(bytes, FORM, PayloadLimits.DEFAULT);
    assertThat(body.json()).hasToString("{\"a\":{\"size\":1}}");
  }

  @Test
  void takesAFormWithoutFields() {
    assertThat(parse("--b--\r\n").parts()).isEmpty();
    assertThat(parse("--b--").json()).hasToString("{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no boundary",
        "--b",
        "--b\r\n",
        "--b\r\n\r\nx",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\n--b--",
        "--b\nContent-Disposition: form-data; name=a\n\nx\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\n\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--bc\r\n\r\n\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--x",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--\r\n--b\r\n\r\nhidden\r\n--b--",
        "--b\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n--b--",
        "--b\r\n--b--",
        "--b\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"x\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; filename=x; filename=y\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; filename=\"x\"; filename*=UTF-8''y.php\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; filename*=UTF-8''y.php\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; filename=\"x\\\"; filename=\\\"y.php\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; filename=\"x.php\u0000.png\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; filename=\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text\r\n\r\nx\r\n--b--",
      })
  void refusesWhatReadersWouldReadDifferently(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=_charset_\r\n\r\nutf-7\r\n--b--",
      })
  void refusesFormsThatHideTheirText(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"b \"", "multipart/form-data; boundary=\"b;c\"",
        "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void refusesBoundariesThatAreNone(String type) {
    assertThatThrownBy(() ->
            MultipartBody.parse("--b--".getBytes(UTF_8), MediaType.of(type), PayloadLimits.DEFAULT))
        .isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void limitsPartsAndHeaders() {
    String many = part("name=a", "").repeat(1025) + "--b--";
    assertThatThrownBy(() -> parse(many))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_COMPLEX));
    String longName = part("name=" + "a".repeat(20_000), "") + "--b--";
    assertThatThrownBy(() -> parse(longName))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_COMPLEX));
  }

  @Test
  void filesKeepTheirDigestThroughBuilderAndFormatter() throws Exception {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      byte[] file = new byte[random.nextInt(100_000)];
      random.nextBytes(file);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(part("name=a", "text").getBytes(UTF_8));
      all.writeBytes(
          "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n".getBytes(UTF_8));
      all.writeBytes(file);
      all.writeBytes("\r\n--b--\r\n".getBytes(UTF_8));
      MultipartMessages messages = new MultipartMessages();
      Payload payload =
          messages.build(Unpooled.wrappedBuffer(all.toByteArray()), FORM, PayloadLimits.DEFAULT);
      MultipartBody body = payload.content(MultipartBody.class);
      assertThat(body).isNotNull();
      assertThat(digest(ByteBufUtil.getBytes(body.parts().get(1).content())))
          .isEqualTo(digest(file));
      ByteBuf out = Unpooled.buffer();
      messages.format(payload, messages.type(payload), out);
      assertThat(ByteBufUtil.getBytes(out)).isEqualTo(all.toByteArray());
      MultipartBody changed = body.with(body.parts().getFirst(), "longer text".getBytes(UTF_8));
      assertThat(digest(ByteBufUtil.getBytes(changed.parts().get(1).content())))
          .isEqualTo(digest(file));
      assertThat(text(changed.parts().getFirst())).isEqualTo("longer text");
    }
  }

  @Test
  void refusesContentThatHoldsTheBoundary() {
    MultipartBody body = parse(part("name=a", "x") + "--b--");
    String hidden = "x\r\n--b\r\nContent-Disposition: form-data; name=c\r\n\r\ny";
    assertThatThrownBy(() -> body.with(body.parts().getFirst(), hidden.getBytes(UTF_8)))
        .isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void readsTheRootOfRelatedParts() {
    MediaType type =
        MediaType.of(
            "multipart/related; boundary=b; type=\"application/xop+xml\"; start=\"<root@x>\"");
    String text =
        "--b\r\nContent-ID: <img@x>\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary"
            + "\r\n\r\n\u0001\r\n--b\r\nContent-ID: <root@x>\r\n"
            + "Content-Type: application/xop+xml; charset=utf-8; type=\"text/xml\"\r\n\r\n"
            + "<a>ü</a>\r\n--b--";
    MultipartBody body = MultipartBody.parse(text.getBytes(UTF_8), type, PayloadLimits.DEFAULT);
    assertThat(body.root()).isSameAs(body.parts().get(1));
    assertThat(body.xml(JsonXml.Shape.EXACT)).hasToString("<a>ü</a>");
    assertThat(body.parts().getFirst().contentId()).isEqualTo("img@x");
  }

  @Test
  void writesNothingElseAsMultipart() {
    Payload payload = Payload.of(parse("--b--"));
    assertThatThrownBy(() ->
            new MultipartMessages()
                .format(
                    payload, MediaType.of("multipart/form-data; boundary=c"), Unpooled.buffer()))
        .isInstanceOf(MalformedPayloadException.class);
    assertThatThrownBy(() ->
            new MultipartMessages()
                .format(Payload.of(parse("--b--").json()), FORM, Unpooled.buffer()))
        .isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void readsManyLinesThatAlmostAreBoundaries() {
    MediaType type = MediaType.of("multipart/form-data; boundary=" + "a".repeat(69));
    String near = ("\r\n--" + "a".repeat(68)).repeat(20_000);
    String text =
        "--"
            + "a".repeat(69)
            + "\r\nContent-Disposition: form-data; name=a\r\n\r\n"
            + near
            + "\r\n--"
            + "a".repeat(69)
            + "--";
    MultipartBody body = MultipartBody.parse(text.getBytes(UTF_8), type, PayloadLimits.DEFAULT);
    assertThat(body.parts().getFirst().size()).isEqualTo(near.length());
  }

  private static String part(String parameters, String content) {
    return "--b\r\nContent-Disposition: form-data; " + parameters + "\r\n\r\n" + content + "\r\n";
  }

  private static byte[] digest(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static String text(Part part) {
    return part.content().toString(UTF_8);
  }

  private static MultipartBody parse(String text) {
    return MultipartBody.parse(text.getBytes(UTF_8), FORM, PayloadLimits.DEFAULT);
  }
}
