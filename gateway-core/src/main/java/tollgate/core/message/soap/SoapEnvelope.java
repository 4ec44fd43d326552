package tollgate.core.message.soap;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlKind;

/**
 * A document that is a SOAP envelope, and where its parts are. Nodes are those of {@link
 * #document}. Immutable.
 */
public final class SoapEnvelope {
  private final XmlDocument document;
  private final SoapVersion version;
  private final int header;
  private final int body;

  private SoapEnvelope(XmlDocument document, SoapVersion version, int header, int body) {
    this.document = document;
    this.version = version;
    this.header = header;
    this.body = body;
  }

  /**
   * The envelope that the document is; null if it is none.
   *
   * @throws MalformedPayloadException for an envelope that SOAP does not allow: without a body,
   *     with other children than header and body, with processing instructions
   */
  public static @Nullable SoapEnvelope of(XmlDocument document) {
    int root = document.root();
    SoapVersion version =
        document.isLocally(root, "Envelope") ? SoapVersion.of(document.namespace(root)) : null;
    if (version == null) {
      return null;
    }
    refuseInstructions(document);
    int at = document.firstElement(root);
    int header = XmlDocument.NONE;
    if (at != XmlDocument.NONE && document.isNamed(at, version.uri(), "Header")) {
      header = at;
      at = document.nextElement(at);
    }
    if (at == XmlDocument.NONE || !document.isNamed(at, version.uri(), "Body")) {
      throw malformed(document, at == XmlDocument.NONE ? root : at, "an envelope without a body");
    }
    int behind = document.nextElement(at);
    // SOAP 1.1 4: elements of other namespaces may follow the body; 1.2 5.1: none.
    while (behind != XmlDocument.NONE) {
      if (version == SoapVersion.V12
          || document.namespace(behind).isEmpty()
          || document.namespace(behind).equals(version.uri())) {
        throw malformed(document, behind, "an element behind the body");
      }
      behind = document.nextElement(behind);
    }
    return new SoapEnvelope(document, version, header, at);
  }

  /** An envelope around the root element of a document. */
  public static SoapEnvelope around(XmlDocument content, SoapVersion version) {
    XmlBuilder builder = begun(version);
    builder.copy(content, content.root()).endElement().endElement();
    SoapEnvelope envelope = of(builder.build());
    if (envelope == null) {
      throw new AssertionError("what was built is an envelope");
    }
    return envelope;
  }

  /** The envelope and the body begun. */
  static XmlBuilder begun(SoapVersion version) {
    return new XmlBuilder()
        .declaration()
        .startElement("soap", version.uri(), "Envelope")
        .startElement("soap", version.uri(), "Body");
  }

  public XmlDocument document() {
    return document;
  }

  public SoapVersion version() {
    return version;
  }

  /** The first header block, the others are its {@link XmlDocument#nextElement}s; or none. */
  public int firstHeader() {
    return header == XmlDocument.NONE ? XmlDocument.NONE : document.firstElement(header);
  }

  /** The header block of that name, or {@link XmlDocument#NONE}. */
  public int header(String uri, String localName) {
    int at = firstHeader();
    while (at != XmlDocument.NONE && !document.isNamed(at, uri, localName)) {
      at = document.nextElement(at);
    }
    return at;
  }

  /** Whether a header block must be understood by whom it is for. */
  public boolean mustUnderstand(int headerBlock) {
    String value = attribute(headerBlock, "mustUnderstand").strip();
    return value.equals("1") || (version == SoapVersion.V12 && value.equals("true"));
  }

  /** Whom a header block is for: actor in 1.1, role in 1.2; empty for the last receiver. */
  public String role(int headerBlock) {
    return attribute(headerBlock, version == SoapVersion.V11 ? "actor" : "role").strip();
  }

  /** The body element. */
  public int body() {
    return body;
  }

  /** The first element in the body, that says what is asked; {@link XmlDocument#NONE} if empty. */
  public int content() {
    return document.firstElement(body);
  }

  /** The fault in the body; null if there is none. */
  public @Nullable SoapFault fault() {
    int content = content();
    return content != XmlDocument.NONE && document.isNamed(content, version.uri(), "Fault")
        ? SoapFault.read(document, content, version)
        : null;
  }

  /** The content alone as a document; null if the body is empty. */
  public @Nullable XmlDocument unwrapped() {
    int content = content();
    return content == XmlDocument.NONE ? null : new XmlBuilder().copy(document, content).build();
  }

  private String attribute(int node, String localName) {
    int attribute = document.attribute(node, version.uri(), localName);
    return attribute == XmlDocument.NONE ? "" : document.value(attribute);
  }

  /** SOAP 1.1 3 and 1.2 part 1 5: a message must not hold any. */
  private static void refuseInstructions(XmlDocument document) {
    int at = document.next(XmlDocument.DOCUMENT);
    while (at != XmlDocument.NONE) {
      if (document.kind(at) == XmlKind.INSTRUCTION) {
        throw malformed(document, at, "a processing instruction in a SOAP message");
      }
      at = document.next(at);
    }
  }

  private static MalformedPayloadException malformed(
      XmlDocument document, int node, String reason) {
    return new MalformedPayloadException(
        Kind.MALFORMED, reason, document.line(node), document.column(node), document.offset(node));
  }
}
