package tollgate.core.message.soap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.SoapMessages;
import tollgate.core.message.XmlMessages;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

class SoapTest {
  private static final String S11 = "xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'";
  private static final String S12 = "xmlns:s='http://www.w3.org/2003/05/soap-envelope'";

  @ParameterizedTest
  @ValueSource(strings = {S11, S12})
  void findsHeadersAndContent(String declaration) {
    SoapEnvelope envelope =
        envelope(
            "<s:Envelope "
                + declaration
                + "><!--c--><s:Header><h:a xmlns:h='h' s:mustUnderstand='1'"
                + " s:actor='x' s:role='x'/><b s:mustUnderstand='0'/></s:Header>"
                + "<s:Body> <m:op xmlns:m='m'/></s:Body></s:Envelope>");
    XmlDocument document = envelope.document();
    int first = envelope.firstHeader();
    assertThat(envelope.mustUnderstand(first)).isTrue();
    assertThat(envelope.role(first)).isEqualTo("x");
    int second = document.nextElement(first);
    assertThat(envelope.mustUnderstand(second)).isFalse();
    assertThat(envelope.header("h", "a")).isEqualTo(first);
    assertThat(envelope.header("", "b")).isEqualTo(second);
    assertThat(envelope.header("", "c")).isEqualTo(XmlDocument.NONE);
    assertThat(document.isNamed(envelope.content(), "m", "op")).isTrue();
    assertThat(envelope.fault()).isNull();
    assertThat(envelope.unwrapped()).hasToString("<m:op xmlns:m=\"m\"/>");
  }

  @Test
  void knowsWhatIsNoEnvelope() {
    assertThat(SoapEnvelope.of(parse("<a/>"))).isNull();
    assertThat(SoapEnvelope.of(parse("<Envelope/>"))).isNull();
    assertThat(SoapEnvelope.of(parse("<s:Body " + S11 + "/>"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<s:Envelope %s/>",
        "<s:Envelope %s><s:Header/></s:Envelope>",
        "<s:Envelope %s><x/><s:Body/></s:Envelope>",
        "<s:Envelope %s><s:Body/><s:Body/></s:Envelope>",
        "<s:Envelope %s><s:Body/><x/></s:Envelope>",
        "<s:Envelope %s><s:Body/><s:Header/></s:Envelope>",
        "<s:Envelope %s><Body/></s:Envelope>",
        "<?p?><s:Envelope %s><s:Body/></s:Envelope>",
        "<s:Envelope %s><s:Body><?p?></s:Body></s:Envelope>",
        "<!DOCTYPE a><s:Envelope %s><s:Body/></s:Envelope>",
      })
  void refusesMalformedEnvelopes(String pattern) {
    for (String declaration : new String[] {S11, S12}) {
      assertThatThrownBy(() -> envelope(pattern.formatted(declaration)))
          .as(declaration)
          .isInstanceOfSatisfying(
              MalformedPayloadException.class, e -> assertThat(e.line()).isEqualTo(1));
    }
  }

  @Test
  void readsActions() {
    MediaType type = MediaType.of("application/soap+xml; action=\"urn:x\"");
    assertThat(SoapVersion.V12.action(type, "\"ignored\"")).isEqualTo("urn:x");
    assertThat(SoapVersion.V12.action(MediaType.SOAP_12, "\"ignored\"")).isNull();
    assertThat(SoapVersion.V11.action(MediaType.TEXT_XML, "\"urn:y\"")).isEqualTo("urn:y");
    assertThat(SoapVersion.V11.action(MediaType.TEXT_XML, "urn:y")).isEqualTo("urn:y");
    assertThat(SoapVersion.V11.action(MediaType.TEXT_XML, "\"\"")).isNull();
    assertThat(SoapVersion.V11.action(MediaType.TEXT_XML, null)).isNull();
  }

  @ParameterizedTest
  @EnumSource(SoapVersion.class)
  void writesFaultsThatItReads(SoapVersion version) {
    SoapFault fault =
        new SoapFault(
            SoapFault.Code.SENDER,
            "Auth",
            "no <token> & \u0001more",
            "urn:gateway",
            parse("<d xmlns='u'>x</d>"));
    SoapEnvelope envelope = SoapEnvelope.of(parse(fault.toXml(version).toString()));
    assertThat(envelope).isNotNull();
    assertThat(envelope.version()).isEqualTo(version);
    SoapFault read = envelope.fault();
    assertThat(read).isNotNull();
    assertThat(read.code()).isEqualTo(SoapFault.Code.SENDER);
    assertThat(read.subcode()).isEqualTo("Auth");
    assertThat(read.reason()).isEqualTo("no <token> & more");
    assertThat(read.role()).isEqualTo("urn:gateway");
    assertThat(read.detail()).hasToString("<d xmlns=\"u\">x</d>");
  }

  @Test
  void writesTheFaultsOfTheRecommendations() {
    SoapFault fault = SoapFault.of(SoapFault.Code.RECEIVER, "down");
    assertThat(fault.toXml(SoapVersion.V11))
        .hasToString(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope"
                + " xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault>"
                + "<faultcode>soap:Server</faultcode><faultstring>down</faultstring>"
                + "</soap:Fault></soap:Body></soap:Envelope>");
    assertThat(fault.toXml(SoapVersion.V12))
        .hasToString(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope"
                + " xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\"><soap:Body><soap:Fault>"
                + "<soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code>"
                + "<soap:Reason><soap:Text xml:lang=\"en\">down</soap:Text></soap:Reason>"
                + "</soap:Fault></soap:Body></soap:Envelope>");
  }

  @Test
  void readsFaultsOfOthers() {
    SoapFault custom =
        envelope(
                "<s:Envelope "
                    + S11
                    + "><s:Body><s:Fault><faultcode>x:Busy</faultcode></s:Fault></s:Body></s:Envelope>")
            .fault();
    assertThat(custom).isEqualTo(new SoapFault(SoapFault.Code.RECEIVER, "Busy", "", null, null));
    SoapFault empty =
        envelope("<s:Envelope " + S12 + "><s:Body><s:Fault/></s:Body></s:Envelope>").fault();
    assertThat(empty).isEqualTo(SoapFault.of(SoapFault.Code.RECEIVER, ""));
  }

  @Test
  void buildsByMediaType() {
    SoapMessages soap = new SoapMessages();
    String soap12 = "<s:Envelope " + S12 + "><s:Body/></s:Envelope>";
    String soap11 = "<s:Envelope " + S11 + "><s:Body/></s:Envelope>";
    assertThat(build(soap12, "application/soap+xml").isXml()).isTrue();
    assertThat(build("<plain/>", "text/xml").isXml()).isTrue();
    assertThatThrownBy(() -> build(soap11, "application/soap+xml"))
        .isInstanceOf(MalformedPayloadException.class);
    assertThatThrownBy(() -> build("<a/>", "application/soap+xml"))
        .isInstanceOf(MalformedPayloadException.class);
    assertThatThrownBy(() -> build("<s:Envelope " + S11 + "/>", "text/xml"))
        .isInstanceOf(MalformedPayloadException.class);
    assertThat(soap.type(build(soap12, "text/xml")))
        .hasToString("application/soap+xml; charset=utf-8");
    assertThat(soap.type(build(soap11, "text/xml"))).hasToString("text/xml; charset=utf-8");
  }

  @Test
  void wrapsWhatIsNoEnvelope() {
    ByteBuf out = Unpooled.buffer();
    new SoapMessages().format(build("<a/>", "text/xml"), MediaType.SOAP_12, out);
    SoapEnvelope envelope = envelope(out.toString(UTF_8));
    assertThat(envelope.version()).isEqualTo(SoapVersion.V12);
    assertThat(envelope.unwrapped()).hasToString("<a/>");
  }

  @Test
  void writesInTheCharsetOfTheType() {
    Payload payload = build("<?xml version='1.0'?><a>é</a>", "text/xml");
    ByteBuf out = Unpooled.buffer();
    new XmlMessages().format(payload, MediaType.of("application/xml; charset=iso-8859-1"), out);
    assertThat(out.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>é</a>");
    ByteBuf utf8 = Unpooled.buffer();
    new XmlMessages().format(payload, MediaType.XML, utf8);
    assertThat(utf8.toString(UTF_8)).isEqualTo("<?xml version='1.0'?><a>é</a>");
    assertThatThrownBy(() ->
            new XmlMessages()
                .format(payload, MediaType.of("application/xml; charset=us-ascii"), out))
        .isInstanceOf(MalformedPayloadException.class);
  }

  private static Payload build(String text, String type) {
    return new SoapMessages()
        .build(Unpooled.copiedBuffer(text, UTF_8), MediaType.of(type), PayloadLimits.DEFAULT);
  }

  private static SoapEnvelope envelope(String text) {
    SoapEnvelope envelope = SoapEnvelope.of(parse(text));
    if (envelope == null) {
      throw new AssertionError("no envelope: " + text);
    }
    return envelope;
  }

  private static XmlDocument parse(String text) {
    return XmlParser.parse(text.getBytes(UTF_8), null, PayloadLimits.DEFAULT);
  }
}
