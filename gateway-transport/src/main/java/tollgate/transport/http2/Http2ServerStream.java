package tollgate.transport.http2;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.Owned;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.RequestEvents;
import tollgate.transport.wire.BodyWatch;
import tollgate.transport.wire.Pace;

/**
 * One request and its response on an HTTP/2 connection. Stays deaf and dumb once its exchange is
 * over. One that is broken, because what the client sent on it was, takes what it is told to send
 * and drops it, so that its exchange runs to its end and is recorded. Event loop only.
 *
 * <p>More than 400 lines in one class: what the connection and what the chain tell change one
 * state.
 */
final class Http2ServerStream extends Http2Stream implements ClientStream {
  private static final Fault TIMEOUT =
      Fault.of(FaultCode.CLIENT_TIMEOUT, "The request did not come in time.");
  private static final Fault TOO_SLOW =
      Fault.of(FaultCode.REQUEST_TOO_SLOW, "The request body came too slowly.");
  private static final Fault BROKEN =
      Fault.of(FaultCode.MALFORMED_REQUEST, "The request breaks the rules of HTTP/2.");
  private static final Fault NOT_TAKEN =
      Fault.of(FaultCode.RESPONSE_NOT_TAKEN, "The client did not take the response in time.");
  private static final int CONTINUE = 100;
  private static final int SWITCHING = 101;
  private static final int OK = 200;

  private final Http2ServerConnection connection;
  private final ReceivedRequest request;
  private @Nullable Fault refusal;

  /** Null until its exchange has begun. */
  private @Nullable RequestEvents events;

  /** Link of the connection's line of those whose exchange has not begun. */
  @Nullable Http2ServerStream nextUnbegun;

  private @Nullable BodyWatch bodyWatch;
  private @Nullable Pace outputPace;
  private boolean isBodyAwaited;
  private boolean isTunnel;
  private boolean isContinueOwed;
  private boolean isHeadSent;
  private boolean isBodiless;
  private boolean isBroken;
  private boolean isOver;
  private boolean isGoneUntold;
  private long declaredLeft;
  private long seenSentBytes;
  private long stalledNanos;

  Http2ServerStream(
      Http2ServerConnection connection,
      int id,
      ReceivedRequest request,
      @Nullable Fault refusal,
      boolean isBroken) {
    super(connection, id);
    this.connection = connection;
    this.request = request;
    this.refusal = refusal;
    this.isContinueOwed = request.expectsContinue();
    this.isBroken = isBroken;
  }

  void begun(RequestEvents begun) {
    events = begun;
    if (isGoneUntold) {
      begun.onClientGone();
    } else if (isReadWanted()) {
      read(true);
    }
  }

  boolean isBegun() {
    return events != null;
  }

  ReceivedRequest request() {
    return request;
  }

  /** Why its head must be refused; null if it may be looked at. */
  @Nullable Fault refusal() {
    return refusal;
  }

  boolean isOver() {
    return isOver;
  }

  // ---- what the connection tells

  @Override
  void onBody(@Owned ByteBuf piece) {
    RequestEvents told = events;
    if (isOver || told == null) {
      piece.release();
      return;
    }
    if (isBodyAwaited && bodyWatch != null) {
      bodyWatch.moved(piece.readableBytes());
    }
    told.onBody(piece);
  }

  @Override
  void onBodyEnd(Trailers trailers) {
    RequestEvents told = events;
    if (!isOver && told != null) {
      told.onBodyEnd(trailers);
    }
  }

  @Override
  void onOutputEnded() {
    if (!isInputEnded) {
      // RFC 9113 8.1: the answer is whole, and the rest of the request is not wanted.
      connection.reset(id(), ErrorCode.NO_ERROR);
      connection.drop(this);
    }
  }

  @Override
  void onClosed() {}

  @Override
  void onPeerReset(long code) {
    gone(null);
  }

  @Override
  void onBroken(String cause) {
    isBroken = true;
    RequestEvents told = events;
    if (told == null) {
      refusal = BROKEN;
    } else if (!isOver) {
      told.onBodyFailed(BROKEN);
    }
  }

  @Override
  void onConnectionOver(String cause) {
    gone(connection.isTooSlow() ? NOT_TAKEN : null);
  }

  @Override
  void onWritable() {
    RequestEvents told = events;
    if (!isOver && told != null) {
      told.onClientWritable();
    }
  }

  @Override
  void onReadComplete() {
    RequestEvents told = events;
    if (!isOver && told != null) {
      told.onReadComplete();
    }
  }

  /** What could go on for ever is to end. */
  void onDraining() {
    RequestEvents told = events;
    if (!isOver && told != null) {
      told.onDraining();
    }
  }

  /**
   * Looks whether the client does what it is waited for.
   *
   * @param nanos since the last look
   * @param isChannelWritable whether it is the windows that keep a response from leaving
   */
  void look(long nanos, boolean isChannelWritable) {
    if (lacksInput() && !isOver && !isTunnel && !mayPause()) {
      lookAtInput();
    } else if (isBodyAwaited && bodyWatch != null) {
      isBodyAwaited = false;
      bodyWatch.pause();
    }
    if (isChannelWritable && !isForgotten) {
      lookAtOutput(nanos);
    }
  }

  private boolean mayPause() {
    RequestEvents told = events;
    return told != null && told.mayPause();
  }

  private void lookAtInput() {
    BodyWatch watch = bodyWatch;
    if (watch == null) {
      watch = new BodyWatch(connection.loop().ticker(), connection.limits());
      bodyWatch = watch;
      watch.begin();
    }
    if (!isBodyAwaited) {
      isBodyAwaited = true;
      watch.await();
      return;
    }
    RequestEvents told = events;
    if (watch.look() <= 0 && told != null) {
      isBodyAwaited = false;
      watch.pause();
      Fault fault = watch.isTooSlow() ? TOO_SLOW : TIMEOUT;
      dropInput();
      told.onBodyFailed(fault);
      connection.requestFlush();
    }
  }

  private void lookAtOutput(long nanos) {
    boolean isBlocked = hasQueued() || isWaiting;
    if (!isBlocked) {
      outputPace = null;
      return;
    }
    Pace pace = outputPace;
    if (pace == null) {
      pace = new Pace(connection.limits().minResponseRate(), connection.limits().idleNanos());
      outputPace = pace;
      seenSentBytes = sentBytes;
      stalledNanos = 0;
      return;
    }
    pace.waited(nanos);
    if (sentBytes > seenSentBytes) {
      pace.moved(sentBytes - seenSentBytes);
      seenSentBytes = sentBytes;
      stalledNanos = 0;
    } else {
      stalledNanos += nanos;
    }
    if (pace.leftNanos() <= 0 || stalledNanos >= connection.limits().idleNanos()) {
      connection.reset(id(), ErrorCode.CANCEL);
      connection.drop(this);
      gone(NOT_TAKEN);
    }
  }

  private void gone(@Nullable Fault tooSlow) {
    if (isOver) {
      return;
    }
    isOver = true;
    dropInput();
    RequestEvents told = events;
    if (told == null) {
      isGoneUntold = true;
    } else if (tooSlow == null) {
      told.onClientGone();
    } else {
      told.onClientTooSlow(tooSlow);
    }
  }

  // ---- what the chain tells

  @Override
  public void readBody(boolean wanted) {
    if (isOver || isBroken) {
      return;
    }
    if (wanted && isContinueOwed && !isHeadSent) {
      isContinueOwed = false;
      HeadWriter.informational(
          connection.out(), connection.encoder(), id(), CONTINUE, Fields.empty());
      connection.requestFlush();
    }
    if (events == null) {
      readLater(wanted); // its exchange is just beginning, and cannot be told yet
    } else {
      read(wanted);
    }
  }

  @Override
  public void sendInformational(ResponseHead head) {
    if (isOver || isHeadSent || isBroken) {
      return;
    }
    HeadWriter.informational(
        connection.out(), connection.encoder(), id(), head.status(), head.fields());
    connection.requestFlush();
  }

  @Override
  public void sendHead(ResponseHead head, boolean closeAfter) {
    if (isOver || isHeadSent) {
      return;
    }
    isHeadSent = true;
    if (head.status() == SWITCHING) {
      sendSwitch(head);
      return;
    }
    int status = head.status();
    long declared = head.bodyLength();
    isBodiless = status == 204 || status == 304 || request.method().equals(Method.HEAD);
    declaredLeft = isBodiless ? 0 : declared == BodyLength.ABSENT ? 0 : declared;
    if (isBroken) {
      return;
    }
    boolean isEnd = declaredLeft == 0;
    if (isEnd) {
      endedWithHead();
    }
    // RFC 9110 8.6: never in 204
    long length = status == 204 ? BodyLength.ABSENT : declared;
    HeadWriter.response(
        connection.out(), connection.encoder(), id(), status, head.fields(), length, isEnd);
  }

  /** RFC 8441 5: 200 is what 101 is over HTTP/1. */
  private void sendSwitch(ResponseHead head) {
    isTunnel = true;
    declaredLeft = BodyLength.UNKNOWN;
    if (!isBroken) {
      HeadWriter.response(
          connection.out(),
          connection.encoder(),
          id(),
          OK,
          head.fields(),
          BodyLength.ABSENT,
          false);
    }
  }

  @Override
  public void sendBody(@Owned ByteBuf chunk) {
    if (isOver || !isHeadSent || isBodiless || isBroken) {
      chunk.release();
      return;
    }
    if (declaredLeft >= 0) {
      int length = chunk.readableBytes();
      if (length > declaredLeft) {
        chunk.release();
        abort();
        return;
      }
      declaredLeft -= length;
    }
    send(chunk);
  }

  @Override
  public void sendEnd(Trailers trailers) {
    if (isOver) {
      return;
    }
    if (isBroken) {
      isOver = true;
      return;
    }
    if (!isHeadSent || declaredLeft > 0) {
      abort();
      return;
    }
    isOver = true;
    dropInput();
    if (isOutputEnded()) {
      onOutputEnded();
      closeIfEnded();
    } else {
      endOutput(trailers);
    }
    connection.requestFlush();
  }

  @Override
  public void flush() {
    if (!isOver) {
      connection.requestFlush();
    }
  }

  @Override
  public boolean isTelling() {
    return connection.isInBurst();
  }

  @Override
  public boolean isWritable() {
    return !isOver && (isBroken || mayWrite());
  }

  @Override
  public void abort() {
    if (isOver) {
      return;
    }
    isOver = true;
    if (!isForgotten && !isBroken) {
      connection.reset(id(), ErrorCode.INTERNAL_ERROR);
      connection.drop(this);
    }
  }
}
