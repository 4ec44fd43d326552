package tollgate.core.websocket;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;

/**
 * The opening handshake (RFC 6455 section 4) as far as it is the same over all versions of HTTP:
 * what a client may ask for, what of that is offered to the backend, and what the backend may
 * answer. Key and accept belong to one HTTP/1 connection each and are made and checked there.
 * Immutable; any thread.
 */
public final class Handshake {
  private static final String WEBSOCKET = "websocket";
  private static final String VERSION = "13";

  private static final LocalReply BAD_METHOD = malformed("A WebSocket handshake is a GET.");
  private static final LocalReply BAD_BODY = malformed("A WebSocket handshake has no body.");
  private static final LocalReply BAD_KEY =
      malformed("Sec-WebSocket-Key is not 16 bytes in base64, once.");
  private static final LocalReply BAD_VERSION =
      LocalReply.of(Fault.of(FaultCode.WEBSOCKET_VERSION, "Only version 13 is spoken here."))
          .with(FieldName.SEC_WEBSOCKET_VERSION, VERSION);
  private static final LocalReply BAD_ORIGIN =
      LocalReply.of(
          Fault.of(
              FaultCode.ORIGIN_REFUSED, "Pages of this origin may not open a WebSocket here."));

  private final List<String> protocols;
  private final @Nullable Deflate deflate;

  private Handshake(List<String> protocols, @Nullable Deflate deflate) {
    this.protocols = protocols;
    this.deflate = deflate;
  }

  /** Whether a request asks for a WebSocket, well or badly. */
  public static boolean isAskedFor(ReceivedRequest request) {
    return WEBSOCKET.equals(request.upgrade());
  }

  /**
   * The answer to a handshake that is not to reach the backend.
   *
   * @param host what the client sees: host and optional port
   * @return null if it may
   */
  public static @Nullable LocalReply refusal(
      ReceivedRequest request, WebSocketRules rules, String host) {
    ReceivedFields fields = request.fields();
    if (!request.method().equals(Method.GET)) {
      return BAD_METHOD;
    }
    if (request.bodyLength() > 0 || request.bodyLength() == BodyLength.UNKNOWN) {
      return BAD_BODY;
    }
    if (!VERSION.equals(only(fields, FieldName.SEC_WEBSOCKET_VERSION))) {
      return BAD_VERSION;
    }
    // RFC 8441 5.1: other versions of HTTP have none.
    if (request.protocol().startsWith("HTTP/1.")
        && !isKey(only(fields, FieldName.SEC_WEBSOCKET_KEY))) {
      return BAD_KEY;
    }
    return isOriginAllowed(fields, rules, host) ? null : BAD_ORIGIN;
  }

  /** Leaves of what the client offers in {@code head} what the backend may answer. */
  public static Handshake offer(RequestHead head, WebSocketRules rules) {
    Fields fields = head.fields();
    fields.remove(FieldName.SEC_WEBSOCKET_KEY);
    fields.remove(FieldName.SEC_WEBSOCKET_ACCEPT);
    Deflate deflate =
        rules.deflate() ? Deflate.firstIn(fields.all(FieldName.SEC_WEBSOCKET_EXTENSIONS)) : null;
    fields.remove(FieldName.SEC_WEBSOCKET_EXTENSIONS);
    if (deflate != null) {
      fields.add(FieldName.SEC_WEBSOCKET_EXTENSIONS, deflate.offer());
    }
    return new Handshake(elements(fields.all(FieldName.SEC_WEBSOCKET_PROTOCOL)), deflate);
  }

  /**
   * What is wrong with a backend's 101, for the log; null if nothing is, and then the head says
   * what the client is to know.
   */
  public @Nullable String problem(ResponseHead head) {
    Fields fields = head.fields();
    fields.remove(FieldName.SEC_WEBSOCKET_ACCEPT);
    List<String> chosen = fields.all(FieldName.SEC_WEBSOCKET_PROTOCOL);
    if (chosen.size() > 1 || (chosen.size() == 1 && !protocols.contains(chosen.getFirst()))) {
      return "a subprotocol was chosen that was not offered";
    }
    List<String> extensions = fields.all(FieldName.SEC_WEBSOCKET_EXTENSIONS);
    if (extensions.isEmpty()) {
      return null;
    }
    String agreed = deflate == null ? null : deflate.agreed(extensions);
    if (agreed == null) {
      return "an extension was chosen that was not offered";
    }
    fields.set(FieldName.SEC_WEBSOCKET_EXTENSIONS, agreed);
    return null;
  }

  /** Whether a 101 without a {@link #problem} agrees on permessage-deflate. */
  public static boolean isDeflated(ResponseHead head) {
    return head.fields().contains(FieldName.SEC_WEBSOCKET_EXTENSIONS);
  }

  private static LocalReply malformed(String detail) {
    return LocalReply.of(Fault.of(FaultCode.MALFORMED_HANDSHAKE, detail));
  }

  private static boolean isOriginAllowed(ReceivedFields fields, WebSocketRules rules, String host) {
    int index = fields.indexOf(FieldName.ORIGIN, 0);
    if (index < 0) {
      return true;
    }
    if (fields.indexOf(FieldName.ORIGIN, index + 1) >= 0) {
      return false;
    }
    String origin = fields.value(index).toLowerCase(Locale.ROOT);
    List<String> allowed = rules.origins();
    if (allowed != null) {
      return allowed.contains(origin) || allowed.contains(WebSocketRules.ANY_ORIGIN);
    }
    return isHostOf(origin, host.toLowerCase(Locale.ROOT));
  }

  /** By the host alone: the scheme a client sees is not known behind every load balancer. */
  private static boolean isHostOf(String origin, String host) {
    int mark = origin.indexOf("://");
    if (mark < 0 || host.isEmpty()) {
      return false;
    }
    String page = origin.substring(mark + 3);
    // RFC 6454 6.2: an origin has no default port; a Host field may.
    String port = origin.startsWith("https:") ? ":443" : ":80";
    return page.equals(host)
        || (host.length() == page.length() + port.length()
            && host.startsWith(page)
            && host.endsWith(port));
  }

  private static @Nullable String only(ReceivedFields fields, FieldName name) {
    int index = fields.indexOf(name, 0);
    return index < 0 || fields.indexOf(name, index + 1) >= 0 ? null : fields.value(index);
  }

  /** RFC 6455 4.1: base64 of 16 bytes, which is 22 characters and two signs of equality. */
  private static boolean isKey(@Nullable String key) {
    if (key == null || key.length() != 24 || !key.endsWith("==")) {
      return false;
    }
    for (int i = 0; i < 22; i++) {
      char c = key.charAt(i);
      boolean isDigit =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (!isDigit) {
        return false;
      }
    }
    return true;
  }

  private static List<String> elements(List<String> lines) {
    return lines.stream()
        .flatMap(line -> List.of(line.split(",", -1)).stream())
        .map(String::strip)
        .filter(element -> !element.isEmpty())
        .toList();
  }
}
