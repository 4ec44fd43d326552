package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.soap.SoapEnvelope;
import tollgate.core.message.soap.SoapVersion;
import tollgate.core.message.xml.XmlDocument;

/**
 * {@code text/xml}, which is SOAP 1.1 where it holds an envelope and plain XML where not, and
 * {@code application/soap+xml}, which has to hold an envelope of SOAP 1.2. Any thread.
 */
public final class SoapMessages implements MessageBuilder, MessageFormatter {
  public SoapMessages() {}

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    XmlDocument document = XmlMessages.parse(body, type, limits);
    SoapEnvelope envelope = SoapEnvelope.of(document);
    if (isSoap12(type) && (envelope == null || envelope.version() != SoapVersion.V12)) {
      throw new MalformedPayloadException(
          Kind.MALFORMED,
          "a document that is no envelope of SOAP 1.2",
          document.line(document.root()),
          document.column(document.root()),
          document.offset(document.root()));
    }
    return Payload.of(document);
  }

  /** Writes an envelope as it is, and anything else inside of one of the type's version. */
  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    XmlDocument document = payload.xml();
    SoapEnvelope envelope = SoapEnvelope.of(document);
    if (envelope == null) {
      SoapVersion version = isSoap12(type) ? SoapVersion.V12 : SoapVersion.V11;
      document = SoapEnvelope.around(document, version).document();
    }
    XmlMessages.write(document, type, out);
  }

  /** That of the envelope's version; of what is none, that of 1.1. */
  @Override
  public MediaType type(Payload payload) {
    SoapEnvelope envelope = payload.isXml() ? SoapEnvelope.of(payload.xml()) : null;
    SoapVersion version = envelope == null ? SoapVersion.V11 : envelope.version();
    return version.mediaType().with("charset", "utf-8");
  }

  private static boolean isSoap12(MediaType type) {
    return type.essence().equals(MediaType.SOAP_12.essence());
  }
}
