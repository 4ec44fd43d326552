package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.Owned;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.RequestEvents;
import tollgate.core.telemetry.CloseReason;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Malformed;

/**
 * One request and its response on a client connection. Stays deaf and dumb once its exchange is
 * over, so that a late call cannot touch the next one. Event loop only.
 */
final class Http1ServerStream implements ClientStream {
  /** How much of a request that nobody wants is read to save its connection. */
  private static final int MAX_DRAINED_BYTES = 64 * 1024;

  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

  private final Http1ServerConnection connection;
  private final ReceivedRequest request;
  private final BodyDecoder body;
  private final Outgoing out;
  private final boolean isHttp10;
  private final boolean isKeepAliveAsked;
  private @Nullable RequestEvents events;
  private boolean isGoneUntold;
  private boolean isBodyWanted;
  private boolean isBodyRead;
  private boolean isBodyFailed;
  private boolean isContinueOwed;
  private boolean isHeadSent;
  private boolean isKept;
  private boolean isUntilClose;
  private boolean isOver;
  private boolean isTunnel;
  private boolean isRestOwed;
  private boolean isDraining;
  private long drainedBytes;

  Http1ServerStream(
      Http1ServerConnection connection,
      ReceivedRequest request,
      BodyDecoder body,
      Outgoing out,
      boolean isKeepAliveAsked) {
    this.connection = connection;
    this.request = request;
    this.body = body;
    this.out = out;
    this.isHttp10 = request.protocol().equals("HTTP/1.0");
    this.isKeepAliveAsked = isKeepAliveAsked;
    this.isContinueOwed = request.expectsContinue();
    this.isBodyRead = body.isEnded();
  }

  // ---- between the connection and this

  ReceivedRequest request() {
    return request;
  }

  void begun(RequestEvents begun) {
    events = begun;
    if (isGoneUntold) {
      begun.onClientGone();
    }
  }

  /** Whether the request has been read to its end. */
  boolean isBodyRead() {
    return isBodyRead;
  }

  /** Whether the client has said that no other request follows. */
  boolean isLastRequest() {
    return !isKeepAliveAsked && !isBodyFailed;
  }

  /** Whether the connection is left alone for a moment after this answer. */
  boolean isRestOwed() {
    return isRestOwed;
  }

  /** Whether a client that sends no more is gone for this response. */
  boolean endsWithInput() {
    RequestEvents told = events;
    return !isOver && told != null && told.endsWithInput();
  }

  /** Whether the rest of the request is being dropped. */
  boolean isDraining() {
    return isDraining;
  }

  /** Whether somebody waits for bytes of the body. */
  boolean lacksInput() {
    return !isBodyRead && !isBodyFailed && (isDraining || (isBodyWanted && !isOver));
  }

  /**
   * Decodes one piece of the body, if it is wanted.
   *
   * @return whether there may be more to do
   */
  boolean step(Input input) {
    if (!lacksInput()) {
      return false;
    }
    ByteBuf piece;
    try {
      piece = body.next(input);
    } catch (Malformed malformed) {
      connection.because(CloseReason.MALFORMED);
      failed(malformed.fault());
      return false;
    }
    if (piece != null) {
      passOn(piece);
    }
    if (body.isEnded() && !isBodyRead) {
      isBodyRead = true;
      ended();
      return true;
    }
    return piece != null;
  }

  /** Whether there is no HTTP any more on this connection, and none of its deadlines. */
  boolean isTunnel() {
    return isTunnel;
  }

  /** The client has ended its output, and all of it has been read. */
  void tunnelEnded() {
    isBodyRead = true;
    ended();
  }

  /** No further request is taken from this client. */
  void onDraining() {
    RequestEvents told = events;
    if (!isOver && told != null) {
      told.onDraining();
    }
  }

  void onReadComplete() {
    RequestEvents told = events;
    if (!isOver && told != null) {
      told.onReadComplete();
    }
  }

  void onWritable() {
    RequestEvents told = events;
    if (!isOver && told != null) {
      told.onClientWritable();
    }
  }

  void onBodyTimeout(Fault timeout) {
    failed(timeout);
  }

  /**
   * @param tooSlow why, if the client did not take the response in time
   */
  void onGone(@Nullable Fault tooSlow) {
    if (isOver) {
      return;
    }
    isOver = true;
    RequestEvents told = events;
    if (told == null) {
      isGoneUntold = true;
    } else if (tooSlow == null) {
      told.onClientGone();
    } else {
      told.onClientTooSlow(tooSlow);
    }
  }

  private void passOn(@Owned ByteBuf piece) {
    RequestEvents told = events;
    if (isDraining || isOver || told == null) {
      drainedBytes += piece.readableBytes();
      piece.release();
      if (drainedBytes > MAX_DRAINED_BYTES) {
        connection.drainFailed();
      }
      return;
    }
    connection.bodyProgressed(piece.readableBytes());
    told.onBody(piece);
  }

  private void ended() {
    RequestEvents told = events;
    if (isDraining) {
      connection.bodyDrained();
    } else if (!isOver && told != null) {
      told.onBodyEnd(body.trailers());
    }
  }

  private void failed(Fault fault) {
    isBodyFailed = true;
    RequestEvents told = events;
    if (isDraining) {
      connection.drainFailed();
    } else if (!isOver && told != null) {
      told.onBodyFailed(fault);
    }
  }

  // ---- between the chain and this

  @Override
  public void readBody(boolean wanted) {
    if (isOver) {
      return;
    }
    isBodyWanted = wanted;
    if (!wanted || isBodyRead) {
      return;
    }
    if (isContinueOwed && !isHeadSent) {
      isContinueOwed = false;
      out.head(CONTINUE.length, false).writeBytes(CONTINUE);
      connection.flush();
    }
    connection.process();
  }

  @Override
  public void sendInformational(ResponseHead head) {
    // RFC 9110 15.2: never to an HTTP/1.0 client.
    if (isOver || isHeadSent || isHttp10) {
      return;
    }
    Http1Writer.informational(out.head(Http1Writer.mostBytes(head.fields()), false), head);
    connection.flush();
  }

  @Override
  public void sendHead(ResponseHead head, boolean closeAfter) {
    if (isOver || isHeadSent) {
      return;
    }
    isHeadSent = true;
    if (head.status() == 101) {
      beginTunnel(head);
      return;
    }
    int status = head.status();
    long declared = head.bodyLength();
    boolean isBodiless = status == 204 || status == 304 || request.method().equals(Method.HEAD);
    // RFC 9112 6.3: without a length and without chunks the body ends with the connection.
    isUntilClose = !isBodiless && declared == BodyLength.UNKNOWN && isHttp10;
    isKept = isKeepAliveAsked && !closeAfter && !isUntilClose && mayKeep();
    long length = lengthToWrite(status, declared, isBodiless);
    boolean hasBody = !isBodiless && length != 0;
    ByteBuf target = out.head(Http1Writer.mostBytes(head.fields()), hasBody);
    String asked = request.upgrade();
    if (status == 426 && asked != null) {
      Http1Writer.upgradeRequired(target, head, asked, length, isKept);
    } else {
      Http1Writer.response(target, head, length, isKept, isHttp10);
    }
    if (isBodiless) {
      out.beginNone();
    } else if (isUntilClose) {
      out.beginUntilClose();
    } else {
      out.begin(length);
    }
  }

  private void beginTunnel(ResponseHead head) {
    WebSocketKey key =
        new WebSocketKey(
            requireNonNull(Fields.over(request.fields()).first(FieldName.SEC_WEBSOCKET_KEY)));
    ByteBuf target = out.head(Http1Writer.mostBytes(head.fields()), false);
    Http1Writer.switching(target, head, request.upgrade(), key.accept());
    isTunnel = true;
    isBodyRead = false;
    body.beginUntilClose();
    out.begin(BodyLength.TUNNEL);
    connection.tunnelBegun(this);
  }

  @Override
  public void sendBody(@Owned ByteBuf chunk) {
    if (isOver || !isHeadSent) {
      chunk.release();
    } else if (!out.body(chunk)) {
      abort();
    }
  }

  @Override
  public void sendEnd(Trailers trailers) {
    if (isOver) {
      return;
    }
    if (!isHeadSent || !out.end(trailers)) {
      abort();
      return;
    }
    isOver = true;
    isDraining = isKept && !isBodyRead;
    connection.answered(this, isKept && !isBodyFailed);
  }

  @Override
  public void flush() {
    if (!isOver) {
      connection.flush();
    }
  }

  @Override
  public boolean isTelling() {
    return connection.isTelling();
  }

  @Override
  public void rest() {
    isRestOwed = true;
  }

  @Override
  public boolean isWritable() {
    return !isOver && connection.isWritable();
  }

  @Override
  public void abort() {
    if (!isOver) {
      isOver = true;
      connection.abort(isUntilClose && isHeadSent);
    }
  }

  /** Whether the connection can be in step again soon after this response. */
  private boolean mayKeep() {
    if (connection.isDraining() || connection.isInputOver() || isBodyFailed) {
      return false;
    }
    // RFC 9110 10.1.1: a client that was never told to continue may or may not send its body.
    return isBodyRead || (!isContinueOwed && body.remaining() <= MAX_DRAINED_BYTES);
  }

  private long lengthToWrite(int status, long declared, boolean isBodiless) {
    if (status == 204) {
      return BodyLength.ABSENT; // RFC 9110 8.6: never in 204
    }
    if (declared == BodyLength.UNKNOWN) {
      return isHttp10 || status == 304 ? BodyLength.ABSENT : BodyLength.UNKNOWN;
    }
    return declared == BodyLength.ABSENT && !isBodiless ? 0 : declared;
  }
}
