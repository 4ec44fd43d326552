package tollgate.core.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.Accept;

/**
 * A refusal in the format of its caller: who speaks SOAP gets a SOAP fault, who prefers XML or
 * sends it gets XML, all others JSON. Any thread.
 */
public enum FaultFormat {
  PROBLEM_JSON(ProblemDetails.MEDIA_TYPE) {
    @Override
    public byte[] render(Fault fault, String requestId) {
      return ProblemDetails.render(fault, requestId);
    }
  },
  /** RFC 9457 appendix B. */
  PROBLEM_XML("application/problem+xml") {
    @Override
    public byte[] render(Fault fault, String requestId) {
      StringBuilder xml =
          new StringBuilder(XML).append("<problem xmlns=\"urn:ietf:rfc:7807\"><type>");
      xml.append(ProblemDetails.TYPE_PREFIX).append(fault.code().code()).append("</type>");
      elements(xml, "", fault, requestId);
      errors(xml, fault.errors());
      return bytes(xml.append("</problem>"));
    }
  },
  /** SOAP 1.1 section 4.4. */
  SOAP_11("text/xml; charset=utf-8") {
    @Override
    public byte[] render(Fault fault, String requestId) {
      StringBuilder xml = new StringBuilder(XML);
      xml.append("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">")
          .append("<s:Body><s:Fault><faultcode>s:")
          .append(fault.code().status() < 500 ? "Client" : "Server")
          .append("</faultcode><faultstring>");
      text(xml, fault.code().title());
      xml.append("</faultstring><detail>");
      detail(xml, fault, requestId);
      return bytes(xml.append("</detail></s:Fault></s:Body></s:Envelope>"));
    }
  },
  /** SOAP 1.2 part 1 section 5.4. */
  SOAP_12("application/soap+xml; charset=utf-8") {
    @Override
    public byte[] render(Fault fault, String requestId) {
      StringBuilder xml = new StringBuilder(XML);
      xml.append("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">")
          .append("<s:Body><s:Fault><s:Code><s:Value>s:")
          .append(fault.code().status() < 500 ? "Sender" : "Receiver")
          .append("</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en\">");
      text(xml, fault.code().title());
      xml.append("</s:Text></s:Reason><s:Detail>");
      detail(xml, fault, requestId);
      return bytes(xml.append("</s:Detail></s:Fault></s:Body></s:Envelope>"));
    }
  },
  WSO2_JSON("application/json") {
    @Override
    public byte[] render(Fault fault, String requestId) {
      StringBuilder json = new StringBuilder(160).append("{\"code\":\"");
      json.append(fault.code().code()).append('"');
      if (isStatusReport(fault)) {
        ProblemDetails.text(json, "type", "Status report");
      }
      ProblemDetails.text(json, "message", fault.code().title());
      ProblemDetails.text(json, "description", fault.detail());
      return bytes(json.append('}'));
    }
  },
  WSO2_XML("application/xml") {
    @Override
    public byte[] render(Fault fault, String requestId) {
      StringBuilder xml = new StringBuilder(XML);
      xml.append("<am:fault xmlns:am=\"http://wso2.org/apimanager\">");
      element(xml, "am:code", fault.code().code());
      element(xml, "am:type", "Status report");
      element(xml, "am:message", fault.code().title());
      element(xml, "am:description", fault.detail());
      return bytes(xml.append("</am:fault>"));
    }
  };

  private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  private static final String SOAP_12_TYPE = "application/soap+xml";
  private static final List<String> XML_TYPES =
      List.of("application/problem+xml", "application/xml", "text/xml");
  private static final List<String> JSON_TYPES =
      List.of("application/problem+json", "application/json", "text/json");

  private final String contentType;

  FaultFormat(String contentType) {
    this.contentType = contentType;
  }

  /** Of the rendered fault. */
  public String contentType() {
    return contentType;
  }

  /** The whole body, in UTF-8. */
  public abstract byte[] render(Fault fault, String requestId);

  /**
   * What a caller understands.
   *
   * @param accept the values of its Accept fields
   * @param contentType of its request; null without one
   * @param hasSoapAction whether it sent the field that SOAP 1.1 asks for
   */
  public static FaultFormat of(
      FaultStyle style, List<String> accept, @Nullable String contentType, boolean hasSoapAction) {
    String sent = contentType == null ? "" : essence(contentType);
    if (sent.equals(SOAP_12_TYPE)) {
      return SOAP_12;
    }
    if (sent.equals("text/xml") && hasSoapAction) {
      return SOAP_11;
    }
    boolean isXml = isXml(accept, sent);
    return switch (style) {
      case PROBLEM -> isXml ? PROBLEM_XML : PROBLEM_JSON;
      case WSO2 -> isXml ? WSO2_XML : WSO2_JSON;
    };
  }

  private static boolean isXml(List<String> accept, String sent) {
    int xml = Accept.quality(accept, XML_TYPES);
    int json = Accept.quality(accept, JSON_TYPES);
    if (xml != json && !accept.isEmpty()) {
      // Browsers name XML among what they can show; for people JSON is no worse.
      return xml > json && !Accept.names(accept, "text/html");
    }
    return XML_TYPES.contains(sent) || sent.endsWith("+xml");
  }

  private static String essence(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** The reference system says so of what it cannot route and what its backends do. */
  private static boolean isStatusReport(Fault fault) {
    return switch (fault.code().outcome()) {
      case NO_ROUTE,
          UPSTREAM_CONNECT,
          UPSTREAM_ERROR,
          UPSTREAM_RESET,
          UPSTREAM_TIMEOUT,
          NO_HEALTHY_UPSTREAM ->
          true;
      default -> false;
    };
  }

  private static void detail(StringBuilder xml, Fault fault, String requestId) {
    xml.append("<f:fault xmlns:f=\"urn:tollgate:fault\">");
    elements(xml, "f:", fault, requestId);
    xml.append("</f:fault>");
  }

  private static void elements(StringBuilder xml, String prefix, Fault fault, String requestId) {
    element(xml, prefix + "title", fault.code().title());
    element(xml, prefix + "status", Integer.toString(fault.code().status()));
    element(xml, prefix + "code", fault.code().code());
    element(xml, prefix + "detail", fault.detail());
    if (!requestId.isEmpty()) {
      element(xml, prefix + "request_id", requestId);
    }
  }

  /** RFC 9457 appendix B: an item of a list is an element {@code i}. */
  private static void errors(StringBuilder xml, List<FaultError> errors) {
    for (int i = 0; i < errors.size(); i++) {
      xml.append(i == 0 ? "<errors><i>" : "<i>");
      ProblemDetails.members(errors.get(i)).forEach((name, value) -> element(xml, name, value));
      xml.append(i == errors.size() - 1 ? "</i></errors>" : "</i>");
    }
  }

  private static void element(StringBuilder xml, String name, String value) {
    xml.append('<').append(name).append('>');
    text(xml, value);
    xml.append("</").append(name).append('>');
  }

  private static void text(StringBuilder xml, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> xml.append("&amp;");
        case '<' -> xml.append("&lt;");
        case '>' -> xml.append("&gt;");
        // XML 1.0 2.2: not even as a reference.
        default -> xml.append(c < ' ' || Character.isSurrogate(c) || c > '\ufffd' ? '?' : c);
      }
    }
  }

  private static byte[] bytes(StringBuilder text) {
    return text.toString().getBytes(UTF_8);
  }
}
