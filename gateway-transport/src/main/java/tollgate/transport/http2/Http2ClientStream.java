package tollgate.transport.http2;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.http.Owned;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.port.UpstreamStream;
import tollgate.core.time.Alarm;
import tollgate.core.upstream.AttemptTimeouts;

/**
 * One request and its response on a backend's HTTP/2 connection. Has no id before its head is sent.
 * Stays deaf and dumb once it is over. Whatever befalls it, the connection lives on. Event loop
 * only.
 */
final class Http2ClientStream extends Http2Stream implements UpstreamStream {
  /** 1xx heads of one response; more is an attack or a bug. */
  private static final int MAX_INFORMATIONAL = 32;

  private final Http2ClientConnection connection;
  private final UpstreamEvents events;
  private final AttemptTimeouts timeouts;
  private final boolean isReused;
  private final Alarm alarm = new StreamAlarm();
  private boolean isHeadSent;
  private boolean isHeadRequest;
  private boolean isRequestSent;
  private boolean hasAnswered;
  private boolean isHeadReceived;
  private boolean isTunnelAsked;
  private boolean isTunnel;
  private boolean isOver;
  private int informational;

  /** Of the request's declared body; negative if its length is not known. */
  private long requestLeft;

  /** What the connection had read when this last made progress. */
  private int seenReads;

  Http2ClientStream(
      Http2ClientConnection connection,
      UpstreamEvents events,
      AttemptTimeouts timeouts,
      boolean isReused) {
    super(connection, 0);
    this.connection = connection;
    this.events = events;
    this.timeouts = timeouts;
    this.isReused = isReused;
    read(true);
  }

  // ---- between the chain and this

  @Override
  public void sendHead(RequestHead head, long bodyLength) {
    if (isOver || isHeadSent) {
      return;
    }
    isTunnelAsked = bodyLength == BodyLength.TUNNEL;
    if (isTunnelAsked && !connection.takesTunnels()) {
      connection
          .loop()
          .execute(() -> {
            if (!isOver) {
              isOver = true;
              end();
              events.onFailure(
                  new UpstreamFailure(Kind.PROTOCOL, "no WebSockets over HTTP/2 (RFC 8441)"));
            }
          });
      return;
    }
    isHeadSent = true;
    isHeadRequest = head.method().equals(Method.HEAD);
    if (!connection.begin(this)) {
      // Not inside this call: the chain is in the middle of setting out.
      connection.loop().execute(() -> fail(Kind.DEAD_ON_REUSE, "takes no more requests"));
      return;
    }
    boolean hasBody = bodyLength > 0 || bodyLength == BodyLength.UNKNOWN || isTunnelAsked;
    requestLeft = hasBody ? bodyLength : 0;
    if (!hasBody) {
      endedWithHead();
    }
    HeadWriter.request(
        connection.out(),
        connection.encoder(),
        id(),
        head,
        connection.isHttps(),
        bodyLength,
        !hasBody);
    progressed();
  }

  @Override
  public void sendBody(@Owned ByteBuf chunk) {
    if (isOver || !isHeadSent || isRequestSent) {
      chunk.release();
      return;
    }
    int length = chunk.readableBytes();
    if (requestLeft >= 0) {
      if (length > requestLeft) {
        chunk.release();
        misused("request body longer than declared");
        return;
      }
      requestLeft -= length;
    }
    progressed();
    send(chunk);
  }

  @Override
  public void sendEnd(Trailers trailers) {
    if (isOver || !isHeadSent || isRequestSent) {
      return;
    }
    if (requestLeft > 0) {
      misused("request body shorter than declared");
      return;
    }
    isRequestSent = true;
    progressed();
    endOutput(trailers);
    connection.requestFlush();
  }

  @Override
  public void flush() {
    if (!isOver) {
      connection.requestFlush();
    }
  }

  @Override
  public boolean isWritable() {
    return !isOver && (isHeadSent ? mayWrite() : connection.channel().isWritable());
  }

  @Override
  public void readBody(boolean wanted) {
    if (!isOver) {
      read(wanted);
    }
  }

  @Override
  public void abort() {
    if (!isOver) {
      isOver = true;
      end();
    }
  }

  @Override
  public boolean isReused() {
    return isReused;
  }

  /** A half-sent request must not look complete. */
  private void misused(String cause) {
    isOver = true;
    end();
    connection.loop().execute(() -> events.onFailure(new UpstreamFailure(Kind.RESET, cause)));
  }

  /** Nothing of it is wanted any more: neither here nor, if it has not heard yet, there. */
  private void end() {
    connection.loop().remove(alarm);
    if (!isHeadSent) {
      connection.neverBegun(this);
    } else if (id() != 0 && !isForgotten) {
      connection.reset(id(), ErrorCode.CANCEL);
      connection.drop(this);
    } else {
      releaseAll();
    }
  }

  // ---- between the connection and this

  void onHeaderList(HeaderList list, boolean endStream) throws Http2Error {
    hasAnswered = true;
    if (isInputEnded) {
      throw Http2Error.ofStream(id(), ErrorCode.STREAM_CLOSED, "HEADERS after the end");
    }
    if (isHeadReceived) {
      if (!endStream) {
        // RFC 9113 8.1
        throw Http2Error.ofStream(id(), ErrorCode.PROTOCOL_ERROR, "a second head");
      }
      progressed();
      receivedAll(TrailerFields.read(id(), list));
      return;
    }
    ResponseHead head = ResponseHeads.read(id(), list, isHeadRequest, endStream);
    connection.touch(this);
    if (head.status() < 200) {
      if (++informational > MAX_INFORMATIONAL) {
        throw Http2Error.ofStream(id(), ErrorCode.ENHANCE_YOUR_CALM, "too many 1xx");
      }
      events.onInformational(head);
      return;
    }
    isHeadReceived = true;
    if (isTunnelAsked && head.status() == 200 && !endStream) {
      // RFC 8441 5
      isTunnel = true;
      connection.loop().clear(alarm);
      events.onResponseHead(
          ResponseHead.received(101, head.fields().received(), BodyLength.TUNNEL));
      return;
    }
    boolean isBodiless = isHeadRequest || head.status() == 204 || head.status() == 304;
    declare(isBodiless ? 0 : head.bodyLength());
    if (endStream) {
      receivedNone();
    }
    progressed();
    events.onResponseHead(head);
    if (endStream && !isOver) {
      onBodyEnd(Trailers.NONE);
    }
  }

  /** RFC 9113 8.1: a head comes first. */
  @Override
  void onDataFrame() throws Http2Error {
    hasAnswered = true;
    if (!isHeadReceived) {
      throw Http2Error.ofStream(id(), ErrorCode.PROTOCOL_ERROR, "DATA before a head");
    }
  }

  @Override
  void onBody(@Owned ByteBuf piece) {
    if (isOver) {
      piece.release();
      return;
    }
    progressed();
    events.onResponseBody(piece);
  }

  @Override
  void onBodyEnd(Trailers trailers) {
    if (isOver) {
      return;
    }
    isOver = true;
    if (isOutputEnded()) {
      connection.loop().remove(alarm);
      closeIfEnded();
    } else {
      end(); // an answer before the end of the request: the rest is not wanted
    }
    events.onResponseEnd(trailers);
  }

  @Override
  void onOutputEnded() {}

  @Override
  void onClosed() {}

  /** RFC 9113 8.1: the answer is whole, and only the rest of the request is not wanted. */
  @Override
  boolean isWholeDespite(long code) {
    return isInputEnded && code == ErrorCode.NO_ERROR.number();
  }

  @Override
  void onPeerReset(long code) {
    ErrorCode said = ErrorCode.of(code);
    // RFC 9113 8.7: nothing was done for it.
    Kind kind = said == ErrorCode.REFUSED_STREAM ? Kind.DEAD_ON_REUSE : Kind.RESET;
    fail(kind, "reset by the backend: " + said);
  }

  /** The backend has said that it has not looked at this one. */
  void onNotProcessed() {
    fail(Kind.DEAD_ON_REUSE, "not processed by a backend that goes away");
  }

  @Override
  void onBroken(String cause) {
    fail(Kind.PROTOCOL, cause);
  }

  @Override
  void onConnectionOver(String cause) {
    fail(isReused && !hasAnswered ? Kind.DEAD_ON_REUSE : Kind.RESET, cause);
  }

  @Override
  void onWritable() {
    if (!isOver) {
      progressed();
      events.onUpstreamWritable();
    }
  }

  @Override
  void onReadComplete() {
    if (!isOver) {
      events.onUpstreamReadComplete();
    }
  }

  private void onAlarm() {
    if (isOver) {
      return;
    }
    if (isHeadReceived) {
      if (isReadWanted()) {
        timedOut(Kind.IDLE_TIMEOUT, "silence in the response body");
      } else {
        progressed(); // it is us, or the client, who does not read
      }
    } else if (isRequestSent || isTunnelAsked || hasQueued() || isWaiting) {
      timedOut(Kind.RESPONSE_TIMEOUT, null);
    } else {
      progressed(); // the client's body is awaited; its own deadline guards that
    }
  }

  private void timedOut(Kind kind, @Nullable String cause) {
    isOver = true;
    end();
    connection.onTimeout(seenReads);
    events.onFailure(new UpstreamFailure(kind, cause));
  }

  private void progressed() {
    seenReads = connection.reads();
    if (isTunnel) {
      return; // it has times of its own
    }
    long nanos = isHeadReceived ? timeouts.idleNanos() : timeouts.responseNanos();
    if (nanos > 0) {
      connection.loop().set(alarm, nanos);
    } else {
      connection.loop().clear(alarm);
    }
  }

  /** It is forgotten already, or was never begun. */
  private void fail(Kind kind, @Nullable String cause) {
    if (!isOver) {
      isOver = true;
      connection.loop().remove(alarm);
      events.onFailure(new UpstreamFailure(kind, cause));
    }
  }

  private final class StreamAlarm extends Alarm {
    @Override
    protected void onAlarm() {
      Http2ClientStream.this.onAlarm();
    }
  }
}
