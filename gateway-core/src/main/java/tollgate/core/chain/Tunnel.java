package tollgate.core.chain;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.Outcome;
import tollgate.core.http.Owned;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.UpstreamStream;
import tollgate.core.telemetry.TunnelEnd;
import tollgate.core.telemetry.TunnelEnd.By;
import tollgate.core.time.Alarm;
import tollgate.core.websocket.CloseCode;
import tollgate.core.websocket.FrameCheck;
import tollgate.core.websocket.Frames;
import tollgate.core.websocket.Inflaters;
import tollgate.core.websocket.WebSocketRules;

/**
 * A WebSocket between its 101 and its end: looks at the frames of both directions as they pass,
 * watches the time, and ends it as RFC 6455 section 7 wants it. Event loop only.
 *
 * <pre>
 *   OPEN --first Close frame passes--> ANSWERED --the other one passes, or an end, or time--> over
 *     \--the gateway has a reason, or an end without a Close--> CLOSING --both told, or time--> over
 * </pre>
 *
 * <p>A frame of ours is put between two frames of its direction only. A direction with a frame half
 * passed is let pass the rest before it is told; where no rest can come it is cut, and its receiver
 * sees an end without a Close.
 *
 * <p>More than 400 lines, because frames, times and the end of both directions decide together.
 */
final class Tunnel extends Alarm {
  /** How long the other side may take to answer a Close frame. */
  private static final long ANSWER_NANOS = 30_000_000_000L;

  /** How long a frame that is half passed may hold up the end. */
  private static final long CLOSING_NANOS = 5_000_000_000L;

  private enum State {
    OPEN,
    ANSWERED,
    CLOSING,
    OVER
  }

  private final ChainRun run;
  private final ClientStream client;
  private final Loop loop;
  private final WebSocketRules rules;
  private final Direction up;
  private final Direction down;
  private final long begunNanos;
  private State state = State.OPEN;
  private long pingedNanos;
  private long limitNanos;
  private @Nullable TunnelEnd end;
  private @Nullable Fault fault;
  private Outcome outcome = Outcome.OK;

  /** One direction and how far it is with its end. */
  private static final class Direction {
    final FrameCheck frames;
    long movedNanos;
    boolean isDone;
    int code;
    String reason = "";

    Direction(FrameCheck frames, long nowNanos) {
      this.frames = frames;
      this.movedNanos = nowNanos;
    }
  }

  /**
   * @param inflaters the loop's; null where no compression was agreed on
   */
  Tunnel(ChainRun run, ClientStream client, WebSocketRules rules, @Nullable Inflaters inflaters) {
    this.run = run;
    this.client = client;
    this.loop = run.loop();
    this.rules = rules;
    long now = run.nanos();
    this.begunNanos = now;
    this.pingedNanos = now;
    this.up = new Direction(new FrameCheck(true, rules, inflaters), now);
    this.down = new Direction(new FrameCheck(false, rules, inflaters), now);
    watch(now);
  }

  /** How it ended or, if it is just being cut, that it did so without a Close. */
  TunnelEnd end(By cutBy) {
    TunnelEnd known = end;
    return known == null ? new TunnelEnd(CloseCode.ABNORMAL, cutBy, null) : known;
  }

  // ---- what passes

  void fromClient(@Owned ByteBuf chunk) {
    pass(up, chunk);
  }

  void fromBackend(@Owned ByteBuf chunk) {
    pass(down, chunk);
  }

  /** Whether what comes from the client can go on. */
  boolean isBackendWritable() {
    UpstreamStream backend = run.upstreamStream();
    return !up.isDone && backend != null && backend.isWritable();
  }

  /** Whether what comes from the backend can go on. */
  boolean isClientWritable() {
    return !down.isDone && client.isWritable();
  }

  private void pass(Direction direction, @Owned ByteBuf chunk) {
    if (direction.isDone || state == State.OVER) {
      chunk.release();
      return;
    }
    direction.movedNanos = run.nanos();
    FrameCheck frames = direction.frames;
    int passed = frames.check(chunk);
    ByteBuf earlier = frames.takeReleased();
    if (earlier != null) {
      send(direction, earlier);
    }
    if (passed == 0) {
      chunk.release();
    } else {
      chunk.writerIndex(chunk.readerIndex() + passed);
      send(direction, chunk);
    }
    if (frames.violation() != 0) {
      violated(direction);
    } else if (frames.closeCode() != 0) {
      closePassed(direction);
    } else if (direction.code != 0) {
      tell(direction);
      endIfTold();
    }
  }

  private void send(Direction direction, @Owned ByteBuf bytes) {
    if (direction == down) {
      client.sendBody(bytes);
      return;
    }
    UpstreamStream backend = run.upstreamStream();
    if (backend == null) {
      bytes.release();
    } else {
      backend.sendBody(bytes);
    }
  }

  // ---- what ends it

  /** The client has ended its output. */
  void clientEnded() {
    if (up.frames.closeCode() != 0 || state != State.OPEN) {
      up.isDone = true; // what the backend answers is still wanted
      endIfTold();
      return;
    }
    up.isDone = !up.frames.isBetweenFrames(); // the rest of that frame never comes
    end = new TunnelEnd(CloseCode.ABNORMAL, By.CLIENT, null);
    outcome = Outcome.CLIENT_CLOSED;
    close(CloseCode.GOING_AWAY, "", CloseCode.GOING_AWAY, "");
  }

  /** The client is gone: nothing can be sent to it. */
  void clientGone() {
    down.isDone = true;
    if (state == State.OPEN) {
      clientEnded();
      return;
    }
    if (!up.isDone) {
      up.code = CloseCode.GOING_AWAY;
      tell(up);
    }
    over();
  }

  /**
   * The backend has closed its connection.
   *
   * @param failure how, if it was not in order
   */
  void backendEnded(@Nullable Fault failure) {
    if (state == State.OVER) {
      return;
    }
    up.isDone = true;
    if (state == State.OPEN) {
      end = new TunnelEnd(CloseCode.ABNORMAL, By.UPSTREAM, null);
      fault =
          failure != null
              ? failure
              : Fault.of(
                  FaultCode.UPSTREAM_RESET, "The backend closed the connection without a Close.");
      outcome = FaultCode.UPSTREAM_RESET.outcome();
      down.code = CloseCode.INTERNAL_ERROR;
    }
    if (!down.isDone && down.frames.closeCode() == 0) {
      if (down.code == 0) {
        // It goes without an answer to the client's Close.
        int asked = up.frames.closeCode();
        down.code = asked == CloseCode.NO_STATUS ? CloseCode.NORMAL : asked;
      }
      tell(down);
    }
    over();
  }

  /** The gateway has to end it: {@code refusal} says why. */
  void refused(Fault refusal) {
    int code =
        switch (refusal.code().outcome()) {
          case DRAINING -> CloseCode.SERVICE_RESTART;
          case OVERLOADED -> CloseCode.TRY_AGAIN_LATER;
          case INTERNAL -> CloseCode.INTERNAL_ERROR;
          default -> CloseCode.POLICY_VIOLATION;
        };
    byGateway(code, refusal.code().title(), "the gateway ends it", refusal);
  }

  /** The process is about to end. */
  void draining() {
    Fault why = Fault.of(FaultCode.DRAINING, "The gateway shuts down.");
    byGateway(CloseCode.GOING_AWAY, "shutting down", "shutting down", why);
  }

  /**
   * @param why null if it is no fault
   */
  private void byGateway(int code, String reason, String toBackend, @Nullable Fault why) {
    if (state != State.OPEN && state != State.ANSWERED) {
      return;
    }
    if (end == null) {
      end = new TunnelEnd(code, By.GATEWAY, reason);
      fault = why;
      outcome = why == null ? Outcome.OK : why.code().outcome();
    }
    close(code, reason, CloseCode.GOING_AWAY, toBackend);
  }

  /** Who broke the rules is told which; the other side that this one is gone. */
  private void violated(Direction direction) {
    int code = direction.frames.violation();
    String problem = direction.frames.problem();
    boolean isTooBig = code == CloseCode.TOO_BIG;
    boolean isClients = direction == up;
    FaultCode faultCode =
        isClients
            ? (isTooBig ? FaultCode.WEBSOCKET_TOO_LARGE : FaultCode.WEBSOCKET_VIOLATION)
            : (isTooBig ? FaultCode.UPSTREAM_BODY_TOO_LARGE : FaultCode.UPSTREAM_PROTOCOL);
    fault = Fault.of(faultCode, "The WebSocket broke a rule.", problem);
    outcome = faultCode.outcome();
    if (end == null) {
      end = new TunnelEnd(code, By.GATEWAY, problem);
    }
    if (isClients) {
      close(code, problem, CloseCode.GOING_AWAY, "the client broke a rule");
    } else {
      close(CloseCode.INTERNAL_ERROR, "the backend broke a rule", code, problem);
    }
  }

  private void closePassed(Direction direction) {
    direction.isDone = true;
    if (end == null) {
      end =
          new TunnelEnd(
              direction.frames.closeCode(), direction == up ? By.CLIENT : By.UPSTREAM, null);
    }
    Direction other = direction == up ? down : up;
    if (state == State.CLOSING) {
      endIfTold();
    } else if (other.isDone) {
      over();
    } else {
      state = State.ANSWERED;
      limit(ANSWER_NANOS);
    }
  }

  /** Both are told, each as soon as no frame is half passed towards it. */
  private void close(int toClient, String clientReason, int toBackend, String backendReason) {
    state = State.CLOSING;
    down.code = toClient;
    down.reason = clientReason;
    up.code = toBackend;
    up.reason = backendReason;
    tell(up);
    tell(down);
    endIfTold();
    if (state != State.OVER) {
      limit(CLOSING_NANOS);
      client.flush();
      flushBackend();
    }
  }

  private void tell(Direction direction) {
    FrameCheck frames = direction.frames;
    if (direction.isDone) {
      return;
    }
    if (frames.closeCode() != 0) {
      direction.isDone = true;
    } else if (frames.isBetweenFrames()) {
      direction.isDone = true;
      send(
          direction,
          Frames.close(loop.allocator(), direction.code, direction.reason, direction == up));
    } else if (frames.violation() != 0) {
      direction.isDone = true; // half a frame has passed, and no more will
    } else {
      frames.stopBetweenFrames();
    }
  }

  private void endIfTold() {
    if (up.isDone && down.isDone) {
      over();
    }
  }

  private void over() {
    if (state == State.OVER) {
      return;
    }
    state = State.OVER;
    flushBackend();
    run.tunnelOver(outcome, fault);
  }

  private void flushBackend() {
    UpstreamStream backend = run.upstreamStream();
    if (backend != null) {
      backend.flush();
    }
  }

  /** Nothing is looked at any more. */
  void close() {
    state = State.OVER;
    loop.remove(this);
    up.frames.close();
    down.frames.close();
  }

  // ---- time

  @Override
  protected void onAlarm() {
    long now = run.nanos();
    switch (state) {
      case OPEN -> {
        if (isIdle(now)) {
          byGateway(CloseCode.GOING_AWAY, "idle", "idle", null);
        } else if (rules.maxAgeNanos() > 0 && now - begunNanos >= rules.maxAgeNanos()) {
          byGateway(CloseCode.GOING_AWAY, "maximum age", "maximum age", null);
        } else {
          pingIfSilent(now);
          watch(now);
        }
      }
      case ANSWERED, CLOSING -> {
        if (limitNanos - now <= 0) {
          over();
        } else {
          loop.set(this, limitNanos - now);
        }
      }
      case OVER -> {}
    }
  }

  /** Nothing passed at all, or what comes from one side is not taken by the other. */
  private boolean isIdle(long now) {
    long upNanos = now - up.movedNanos;
    long downNanos = now - down.movedNanos;
    long idle = rules.idleNanos();
    return Math.min(upNanos, downNanos) >= idle
        || (downNanos >= idle && !client.isWritable())
        || (upNanos >= idle && !isBackendWritable());
  }

  private void pingIfSilent(long now) {
    long interval = rules.pingNanos();
    if (interval > 0
        && now - up.movedNanos >= interval
        && now - pingedNanos >= interval
        && down.frames.isBetweenFrames()
        && client.isWritable()) {
      pingedNanos = now;
      client.sendBody(Frames.ping(loop.allocator()));
      client.flush();
    }
  }

  /** Sets the alarm for what may come first. */
  private void watch(long now) {
    long moved = Math.max(up.movedNanos - now, down.movedNanos - now);
    long least = moved + rules.idleNanos();
    if (!client.isWritable()) {
      least = Math.min(least, down.movedNanos - now + rules.idleNanos());
    }
    if (rules.maxAgeNanos() > 0) {
      least = Math.min(least, begunNanos - now + rules.maxAgeNanos());
    }
    if (rules.pingNanos() > 0) {
      long silent = Math.max(up.movedNanos - now, pingedNanos - now);
      least = Math.min(least, silent + rules.pingNanos());
    }
    loop.set(this, Math.max(1, least));
  }

  private void limit(long nanos) {
    limitNanos = run.nanos() + nanos;
    loop.set(this, nanos);
  }
}
