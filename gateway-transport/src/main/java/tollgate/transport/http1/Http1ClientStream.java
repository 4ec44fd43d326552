package tollgate.transport.http1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.Owned;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.port.UpstreamStream;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Malformed;

/**
 * One request and its response on a backend connection. Stays deaf and dumb once it is over, so
 * that a late call cannot touch the next one. Event loop only.
 */
final class Http1ClientStream implements UpstreamStream {
  /** 1xx heads of one response; more is an attack or a bug. */
  private static final int MAX_INFORMATIONAL = 32;

  private final Http1ClientConnection connection;
  private final UpstreamEvents events;
  private final AttemptTimeouts timeouts;
  private final ResponseParser heads;
  private final BodyDecoder body;
  private final Outgoing out;
  private final boolean isReused;
  private boolean isHeadSent;
  private boolean isHeadRequest;
  private boolean isRequestSent;
  private boolean hasAnswered;
  private boolean isHeadReceived;
  private boolean isReadWanted = true;
  private boolean isOver;
  private int informational;

  /** Null unless a tunnel was asked for. */
  private @Nullable WebSocketKey key;

  /** Both directions are open: there is no HTTP any more, and none of its deadlines. */
  private boolean isTunnel;

  Http1ClientStream(
      Http1ClientConnection connection,
      UpstreamEvents events,
      AttemptTimeouts timeouts,
      ResponseParser heads,
      BodyDecoder body,
      Outgoing out,
      boolean isReused) {
    this.connection = connection;
    this.events = events;
    this.timeouts = timeouts;
    this.heads = heads;
    this.body = body;
    this.out = out;
    this.isReused = isReused;
  }

  // ---- between the chain and this

  @Override
  public void sendHead(RequestHead head, long bodyLength) {
    if (isOver || isHeadSent) {
      return;
    }
    isHeadSent = true;
    isHeadRequest = head.method().equals(Method.HEAD);
    if (bodyLength == BodyLength.TUNNEL) {
      WebSocketKey asked = WebSocketKey.random();
      key = asked;
      Http1Writer.upgrade(out.head(Http1Writer.mostBytes(head), false), head, asked);
      out.begin(BodyLength.ABSENT);
      isRequestSent = true;
    } else {
      sendRequest(head, bodyLength);
    }
    progressed();
    if (!connection.isActive()) {
      // Not inside this call: the chain is in the middle of setting out.
      connection.loop().execute(() -> onCutShort("closed while idle"));
    }
  }

  private void sendRequest(RequestHead head, long bodyLength) {
    boolean hasBody = bodyLength > 0 || bodyLength == BodyLength.UNKNOWN;
    ByteBuf target = out.head(Http1Writer.mostBytes(head), hasBody);
    Http1Writer.request(target, head, bodyLength);
    out.begin(bodyLength);
  }

  @Override
  public void sendBody(@Owned ByteBuf chunk) {
    if (isOver || !isHeadSent || isRequestSent) {
      chunk.release();
      return;
    }
    if (out.body(chunk)) {
      progressed();
    } else {
      misused("request body longer than declared");
    }
  }

  @Override
  public void sendEnd(Trailers trailers) {
    if (isOver || !isHeadSent || isRequestSent) {
      return;
    }
    if (!out.end(trailers)) {
      misused("request body shorter than declared");
      return;
    }
    isRequestSent = true;
    progressed();
    out.flush();
  }

  @Override
  public void flush() {
    if (!isOver) {
      out.flush();
    }
  }

  @Override
  public boolean isWritable() {
    return !isOver && connection.isWritable();
  }

  @Override
  public void readBody(boolean wanted) {
    if (isOver) {
      return;
    }
    isReadWanted = wanted;
    if (wanted) {
      connection.process();
      onReadComplete();
    }
  }

  @Override
  public void abort() {
    if (!isOver) {
      isOver = true;
      connection.discarded();
    }
  }

  @Override
  public boolean isReused() {
    return isReused;
  }

  /** The connection is of no use any more: a half-sent request must not look complete. */
  private void misused(String cause) {
    isOver = true;
    connection.discarded();
    connection.loop().execute(() -> events.onFailure(new UpstreamFailure(Kind.RESET, cause)));
  }

  // ---- between the connection and this

  /** Whether the response cannot go on without more input. */
  boolean lacksInput() {
    return !isOver && (isReadWanted || !isHeadReceived);
  }

  /**
   * Decodes one head or one piece of the body.
   *
   * @param isLast nothing will come behind this input
   * @return whether there may be more to do
   */
  boolean step(Input input, boolean isLast) {
    if (isOver) {
      return false;
    }
    try {
      return isHeadReceived ? body(input, isLast) : head(input);
    } catch (Malformed malformed) {
      fail(Kind.PROTOCOL, malformed.detail());
      return false;
    }
  }

  private boolean head(Input input) throws Malformed {
    if (input.isEmpty()) {
      return false;
    }
    hasAnswered = true;
    if (!isHeadSent) {
      fail(Kind.PROTOCOL, "bytes before any request");
      return false;
    }
    ResponseHead head = heads.parse(input, isHeadRequest);
    if (head == null) {
      return false;
    }
    int status = head.status();
    if (status == 101 && isSwitchRight(head)) {
      beginTunnel();
      head.bodyLength(BodyLength.TUNNEL);
      events.onResponseHead(head);
      return !isOver;
    }
    if (status == 101 || (status < 200 && ++informational > MAX_INFORMATIONAL)) {
      fail(Kind.PROTOCOL, status == 101 ? badSwitch() : "too many 1xx");
      return false;
    }
    if (status < 200) {
      events.onInformational(head);
      return true;
    }
    isHeadReceived = true;
    if (heads.isUntilClose()) {
      body.beginUntilClose();
    } else {
      body.begin(isHeadRequest || status == 204 || status == 304 ? 0 : head.bodyLength());
    }
    progressed();
    events.onResponseHead(head);
    if (!isOver && body.isEnded()) {
      complete();
    }
    return !isOver;
  }

  /** RFC 6455 4.1: that it speaks of our connection, and of what we asked for. */
  private boolean isSwitchRight(ResponseHead head) {
    WebSocketKey asked = key;
    Fields fields = head.fields();
    List<String> upgrade = fields.all(FieldName.UPGRADE);
    return asked != null
        && upgrade.size() == 1
        && upgrade.getFirst().equalsIgnoreCase("websocket")
        && fields.all(FieldName.CONNECTION).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .anyMatch(option -> option.strip().equalsIgnoreCase("upgrade"))
        && fields.all(FieldName.SEC_WEBSOCKET_ACCEPT).size() == 1
        && asked.isAnsweredBy(fields.first(FieldName.SEC_WEBSOCKET_ACCEPT));
  }

  private String badSwitch() {
    return key == null ? "101 was not asked for" : "101 is no answer to this handshake";
  }

  private void beginTunnel() {
    isHeadReceived = true;
    isTunnel = true;
    isRequestSent = false;
    body.beginUntilClose();
    out.begin(BodyLength.TUNNEL);
    connection.loop().clear(connection.alarm());
  }

  private boolean body(Input input, boolean isLast) throws Malformed {
    if (!isReadWanted) {
      return false;
    }
    ByteBuf piece = body.next(input);
    if (piece != null) {
      progressed();
      events.onResponseBody(piece);
    }
    if (isOver) {
      return false;
    }
    if (body.isEnded()) {
      complete();
    } else if (isLast && body.isUntilClose() && input.isEmpty() && isEndTrusted()) {
      complete();
    }
    return piece != null && !isOver;
  }

  /** What is in a tunnel says itself whether it is complete. */
  private boolean isEndTrusted() {
    return isTunnel || connection.isEndTrusted();
  }

  private void complete() {
    isOver = true;
    connection.completed(isRequestSent && heads.isKeptAlive() && !body.isUntilClose());
    events.onResponseEnd(body.trailers());
  }

  void onReadComplete() {
    if (!isOver) {
      events.onUpstreamReadComplete();
    }
  }

  void onWritable() {
    if (!isOver) {
      progressed();
      events.onUpstreamWritable();
    }
  }

  /** The connection ended and the response had not. */
  void onCutShort(String cause) {
    if (!isOver) {
      fail(isReused && !hasAnswered ? Kind.DEAD_ON_REUSE : Kind.RESET, cause);
    }
  }

  void onAlarm() {
    if (isOver) {
      return;
    }
    if (isHeadReceived) {
      if (isReadWanted) {
        fail(Kind.IDLE_TIMEOUT, "silence in the response body");
      } else {
        progressed(); // it is us, or the client, who does not read
      }
    } else if (isRequestSent || !connection.isWritable()) {
      fail(Kind.RESPONSE_TIMEOUT, null);
    } else {
      progressed(); // the client's body is awaited; its own deadline guards that
    }
  }

  private void progressed() {
    if (isTunnel) {
      return;
    }
    long nanos = isHeadReceived ? timeouts.idleNanos() : timeouts.responseNanos();
    if (nanos > 0) {
      connection.loop().set(connection.alarm(), nanos);
    } else {
      connection.loop().clear(connection.alarm());
    }
  }

  private void fail(Kind kind, @Nullable String cause) {
    isOver = true;
    connection.discarded();
    events.onFailure(new UpstreamFailure(kind, cause));
  }
}
