package tollgate.core.chain;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Attempt;
import tollgate.core.fault.Outcome;
import tollgate.core.http.Owned;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamConnector.Cancellation;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;
import tollgate.core.upstream.RetryCause;
import tollgate.core.upstream.Upstream;

/**
 * One try at a backend: connects, tells the upstream's health and the telemetry how it went, and
 * passes on what comes as long as nobody has given it up. Event loop only.
 */
final class AttemptRun implements UpstreamEvents {
  /** Reading that much costs less than a new connection. */
  private static final long DISCARDED_BYTES = 64 * 1024;

  private final ChainRun run;
  private final CompiledRoute route;
  private final Attempt attempt;
  private final long startNanos;
  private Cancellation cancellation = Cancellation.NOTHING;
  private @Nullable UpstreamStream stream;
  private int status;
  private long connectNanos = -1;
  private boolean isStarted;
  private boolean isConnecting;
  private boolean isOver;

  AttemptRun(ChainRun run, CompiledRoute route, Attempt attempt, long nowNanos) {
    this.run = run;
    this.route = route;
    this.attempt = attempt;
    this.startNanos = nowNanos;
  }

  void start() {
    switch (route.backend()) {
      case Backend.Remote remote -> {
        isStarted = remote.upstream().tryStart(attempt.target());
        if (!isStarted) {
          onFailure(new UpstreamFailure(UpstreamFailure.Kind.BREAKER_OPEN, "maxInFlight"));
          return;
        }
        isConnecting = true;
        Cancellation waiting =
            remote.connector().connect(run.loop(), attempt.target(), route.timeouts(), this);
        isConnecting = false;
        if (stream == null && !isOver) {
          cancellation = waiting;
        }
      }
      case Backend.Local local -> onConnected(local.service().open(run.loop(), this));
    }
  }

  Attempt attempt() {
    return attempt;
  }

  /** Whether a backend is asked, and not something in this process. */
  boolean isRemote() {
    return route.backend() instanceof Backend.Remote;
  }

  /** Null until connected and when it is over. */
  @Nullable UpstreamStream stream() {
    return isOver ? null : stream;
  }

  int status() {
    return status;
  }

  /** -1 if no connection was had. */
  long connectNanos() {
    return connectNanos;
  }

  /** Gives the attempt up; no event reaches the chain any more. */
  void abort(Outcome why) {
    if (isOver) {
      return;
    }
    UpstreamStream open = stream;
    Cancellation waiting = cancellation;
    over(why);
    if (open == null) {
      waiting.cancel();
    } else {
      open.abort();
    }
  }

  @Override
  public void onConnected(UpstreamStream connected) {
    if (isOver) {
      connected.abort();
      return;
    }
    stream = connected;
    // Within the call that asked: there was one, and no time went by.
    connectNanos = isConnecting ? 0 : run.nanos() - startNanos;
    run.attemptConnected(this, connected);
  }

  @Override
  public void onInformational(ResponseHead head) {
    if (!isOver) {
      run.attemptInformed(head);
    }
  }

  @Override
  public void onResponseHead(ResponseHead head) {
    if (isOver) {
      return;
    }
    status = head.status();
    if (route.backend() instanceof Backend.Remote remote) {
      // What a backend says of itself when it cannot serve counts like silence.
      if (status >= 502 && status <= 504) {
        remote.upstream().failed(attempt.target());
      } else {
        remote.upstream().succeeded(attempt.target());
      }
      if (run.isToBeRetried(this, remote.upstream(), head)) {
        discard(head);
        run.retry(this, remote.upstream(), RetryCause.STATUS);
        return;
      }
    }
    run.attemptAnswered(this, head);
  }

  @Override
  public void onResponseBody(@Owned ByteBuf chunk) {
    if (isOver) {
      chunk.release();
    } else {
      run.responseChunk(chunk);
    }
  }

  @Override
  public void onResponseEnd(Trailers trailers) {
    if (!isOver) {
      UpstreamStream open = stream;
      boolean isRequestSent = run.isRequestSent();
      over(LocalAnswers.outcome(status));
      if (!isRequestSent && open != null) {
        open.abort();
      }
      run.responseEnded(trailers);
    }
  }

  @Override
  public void onUpstreamReadComplete() {
    if (!isOver) {
      run.flushClient();
    }
  }

  @Override
  public void onUpstreamWritable() {
    if (!isOver) {
      run.upstreamWritable();
    }
  }

  @Override
  public void onFailure(UpstreamFailure failure) {
    if (isOver) {
      return;
    }
    if (route.backend() instanceof Backend.Remote remote
        && UpstreamFaults.isTargets(failure.kind())) {
      remote.upstream().failed(attempt.target());
    }
    over(UpstreamFaults.code(failure.kind()).outcome());
    run.attemptFailed(this, failure);
  }

  /**
   * Lets go of an answer that nobody is to see. One whose end is near is read to it, unheard, so
   * that its connection can be used again.
   */
  private void discard(ResponseHead head) {
    UpstreamStream open = stream;
    boolean isNear = head.bodyLength() >= 0 && head.bodyLength() <= DISCARDED_BYTES;
    over(LocalAnswers.outcome(status));
    if (open != null && !(isNear && run.isRequestSent())) {
      open.abort();
    }
  }

  private void over(Outcome outcome) {
    isOver = true;
    if (route.backend() instanceof Backend.Remote remote) {
      Upstream upstream = remote.upstream();
      if (isStarted) {
        upstream.ended(attempt.target());
      }
      run.telemetry()
          .attempted(run.loop().index(), upstream.name(), attempt.target(), status, outcome);
    }
  }
}
