package tollgate.core.message.soap;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlCharacters;
import tollgate.core.message.xml.XmlDocument;

/**
 * A fault, as both versions of SOAP have it. Immutable.
 *
 * @param code who is at fault
 * @param subcode more about it: of 1.1 what follows the dot in the code, or a code of another
 *     namespace by its local name; of 1.2 the subcode's local name; null for none
 * @param reason for people
 * @param role the node that failed, as a URI; null for none
 * @param detail a document whose root element is the detail's content; null for none
 */
public record SoapFault(
    Code code,
    @Nullable String subcode,
    String reason,
    @Nullable String role,
    @Nullable XmlDocument detail) {
  /** Who is at fault, by the names of 1.1 and 1.2. */
  public enum Code {
    SENDER("Client", "Sender"),
    RECEIVER("Server", "Receiver"),
    MUST_UNDERSTAND("MustUnderstand", "MustUnderstand"),
    VERSION_MISMATCH("VersionMismatch", "VersionMismatch"),
    /** 1.2 only; written as the sender's fault in 1.1. */
    DATA_ENCODING_UNKNOWN("Client", "DataEncodingUnknown");

    private final String in11;
    private final String in12;

    Code(String in11, String in12) {
      this.in11 = in11;
      this.in12 = in12;
    }

    /** Its name in a version. */
    public String in(SoapVersion version) {
      return version == SoapVersion.V11 ? in11 : in12;
    }

    /** The code of that name; null for none. */
    static @Nullable Code of(String name, SoapVersion version) {
      for (Code code : values()) {
        if (code.in(version).equals(name)) {
          return code;
        }
      }
      return null;
    }
  }

  public SoapFault {
    requireNonNull(code, "code");
    requireNonNull(reason, "reason");
  }

  /** One that says who and why. */
  public static SoapFault of(Code code, String reason) {
    return new SoapFault(code, null, reason, null, null);
  }

  /**
   * A whole message with this fault. What XML cannot hold in the reason is left out; a subcode that
   * is no name too.
   */
  public XmlDocument toXml(SoapVersion version) {
    XmlBuilder builder = SoapEnvelope.begun(version);
    builder.startElement("soap", version.uri(), "Fault");
    if (version == SoapVersion.V11) {
      write11(builder);
    } else {
      write12(builder);
    }
    return builder.endElement().endElement().endElement().build();
  }

  static SoapFault read(XmlDocument document, int fault, SoapVersion version) {
    return version == SoapVersion.V11 ? read11(document, fault) : read12(document, fault);
  }

  // SOAP 1.1 4.4: the children are in no namespace, whatever the default one is.
  private void write11(XmlBuilder builder) {
    String suffix = subcode() == null ? "" : "." + legal(subcode());
    builder
        .startElement("faultcode")
        .text("soap:" + code.in(SoapVersion.V11) + suffix)
        .endElement()
        .startElement("faultstring")
        .text(legal(reason))
        .endElement();
    if (role() != null) {
      builder.startElement("faultactor").text(legal(role())).endElement();
    }
    XmlDocument content = detail();
    if (content != null) {
      builder.startElement("detail").copy(content, content.root()).endElement();
    }
  }

  // SOAP 1.2 part 1 5.4
  private void write12(XmlBuilder builder) {
    String uri = SoapVersion.V12.uri();
    builder
        .startElement("soap", uri, "Code")
        .startElement("soap", uri, "Value")
        .text("soap:" + code.in(SoapVersion.V12))
        .endElement();
    String more = subcode();
    if (more != null && !legal(more).isEmpty()) {
      // A subcode is a QName: without a prefix, in no namespace.
      builder
          .startElement("soap", uri, "Subcode")
          .startElement("soap", uri, "Value")
          .text(legal(more))
          .endElement()
          .endElement();
    }
    builder
        .endElement()
        .startElement("soap", uri, "Reason")
        .startElement("soap", uri, "Text")
        .attribute("xml", "http://www.w3.org/XML/1998/namespace", "lang", "en")
        .text(legal(reason))
        .endElement()
        .endElement();
    if (role() != null) {
      builder.startElement("soap", uri, "Role").text(legal(role())).endElement();
    }
    XmlDocument content = detail();
    if (content != null) {
      builder.startElement("soap", uri, "Detail").copy(content, content.root()).endElement();
    }
  }

  private static SoapFault read11(XmlDocument document, int fault) {
    String written = local(text(document, fault, "", "faultcode"));
    int dot = written.indexOf('.');
    Code code = Code.of(dot < 0 ? written : written.substring(0, dot), SoapVersion.V11);
    String more = code == null ? written : dot < 0 ? "" : written.substring(dot + 1);
    return new SoapFault(
        code == null ? Code.RECEIVER : code,
        orNull(more),
        text(document, fault, "", "faultstring"),
        orNull(text(document, fault, "", "faultactor").strip()),
        content(document, child(document, fault, "", "detail")));
  }

  private static SoapFault read12(XmlDocument document, int fault) {
    String uri = SoapVersion.V12.uri();
    int codeElement = child(document, fault, uri, "Code");
    String written = local(text(document, codeElement, uri, "Value"));
    Code code = Code.of(written, SoapVersion.V12);
    int subcodeElement = child(document, codeElement, uri, "Subcode");
    String more = local(text(document, subcodeElement, uri, "Value"));
    return new SoapFault(
        code == null ? Code.RECEIVER : code,
        orNull(code == null ? written : more),
        text(document, child(document, fault, uri, "Reason"), uri, "Text"),
        orNull(text(document, fault, uri, "Role").strip()),
        content(document, child(document, fault, uri, "Detail")));
  }

  private static int child(XmlDocument document, int parent, String uri, String localName) {
    int at = parent == XmlDocument.NONE ? XmlDocument.NONE : document.firstElement(parent);
    while (at != XmlDocument.NONE && !document.isNamed(at, uri, localName)) {
      at = document.nextElement(at);
    }
    return at;
  }

  private static String text(XmlDocument document, int parent, String uri, String localName) {
    int child = child(document, parent, uri, localName);
    return child == XmlDocument.NONE ? "" : document.value(child);
  }

  /** A detail of several elements is told by its first. */
  private static @Nullable XmlDocument content(XmlDocument document, int detail) {
    int first = detail == XmlDocument.NONE ? XmlDocument.NONE : document.firstElement(detail);
    return first == XmlDocument.NONE ? null : new XmlBuilder().copy(document, first).build();
  }

  private static String local(String qualified) {
    String name = qualified.strip();
    return name.substring(name.indexOf(':') + 1);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String legal(@Nullable String text) {
    StringBuilder legal = new StringBuilder();
    if (text != null) {
      text.codePoints().filter(XmlCharacters::isLegal).forEach(legal::appendCodePoint);
    }
    return legal.toString();
  }
}
