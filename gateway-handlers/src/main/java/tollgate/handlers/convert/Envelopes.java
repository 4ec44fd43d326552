package tollgate.handlers.convert;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.soap.SoapEnvelope;
import tollgate.core.message.soap.SoapVersion;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlName;

/** What both directions of SOAP have in common. Any thread. */
final class Envelopes {
  private static final String NEXT_11 = "http://schemas.xmlsoap.org/soap/actor/next";
  private static final String ROLE_12 = "http://www.w3.org/2003/05/soap-envelope/role/";

  private Envelopes() {}

  /** An envelope and, if there is to be one, its header; the body is to follow. */
  static XmlBuilder begun(SoapVersion version, int expectedBytes) {
    return new XmlBuilder(expectedBytes + 512)
        .declaration()
        .startElement("soap", version.uri(), "Envelope");
  }

  /** The name of the element in the body: its namespace is the default one where that holds on. */
  static XmlName content(String namespace, boolean isQualified, String element) {
    boolean needsPrefix = !namespace.isEmpty() && !isQualified;
    return new XmlName(needsPrefix ? "m" : "", namespace, element);
  }

  /**
   * The one element in the body; none if it is empty.
   *
   * @throws MalformedPayloadException for several
   */
  static int content(SoapEnvelope envelope) {
    int content = envelope.content();
    int second =
        content == XmlDocument.NONE ? XmlDocument.NONE : envelope.document().nextElement(content);
    if (second != XmlDocument.NONE) {
      throw malformed(envelope, second, "a second element in the SOAP body");
    }
    return content;
  }

  static MalformedPayloadException malformed(SoapEnvelope envelope, int node, String reason) {
    XmlDocument xml = envelope.document();
    return new MalformedPayloadException(
        MalformedPayloadException.Kind.MALFORMED,
        reason,
        xml.line(node),
        xml.column(node),
        xml.offset(node));
  }

  /** Whether there is a header block for us that must be understood, and is not one of these. */
  static boolean hasUnknownDuty(SoapEnvelope envelope, Set<XmlName> understood) {
    XmlDocument xml = envelope.document();
    Set<String> names = new HashSet<>();
    understood.forEach(name -> names.add("{" + name.uri() + "}" + name.localName()));
    for (int at = envelope.firstHeader(); at != XmlDocument.NONE; at = xml.nextElement(at)) {
      if (envelope.mustUnderstand(at)
          && isForUs(envelope.role(at))
          && !names.contains("{" + xml.namespace(at) + "}" + xml.localName(at))) {
        return true;
      }
    }
    return false;
  }

  /** SOAP 1.1 4.2.2, 1.2 part 1 2.2. */
  private static boolean isForUs(String role) {
    return switch (role) {
      case "", NEXT_11, ROLE_12 + "next", ROLE_12 + "ultimateReceiver" -> true;
      default -> false;
    };
  }

  static String orNone(@Nullable String namespace) {
    return namespace == null ? "" : namespace;
  }
}
