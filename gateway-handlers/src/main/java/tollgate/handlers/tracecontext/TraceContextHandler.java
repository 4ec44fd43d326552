package tollgate.handlers.tracecontext;

import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.TraceContext;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.LoopRandom;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.ReceivedFields;
import tollgate.core.port.Loop;

/**
 * Takes part in the caller's trace, or begins one: a new span per exchange, whose id the backend
 * gets as its parent's (W3C Trace Context). Event loop only.
 *
 * <p>A traceparent that is missing, there twice or not exactly as specified begins a new trace, and
 * tracestate goes with it. A new trace is marked as sampled: a backend that does as its parent does
 * would otherwise fall silent.
 */
public final class TraceContextHandler implements Handler {
  static final FieldName TRACEPARENT = FieldName.of("traceparent");
  static final FieldName TRACESTATE = FieldName.of("tracestate");

  private final LoopRandom random;

  /** Where each loop writes an id before it becomes text. */
  private final byte[][] room;

  private TraceContextHandler(int loopCount) {
    this.random = LoopRandom.create(loopCount);
    this.room = TraceParent.room(loopCount);
  }

  public static TraceContextHandler create(HandlerContext context) {
    return new TraceContextHandler(context.loopCount());
  }

  @Override
  public String name() {
    return "traceContext";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    Fields fields = exchange.request().fields();
    String parent = parent(fields.received());
    Loop loop = exchange.loop();
    String written;
    if (parent != null) {
      written = TraceParent.child(parent, nonZero(loop), room[loop.index()]);
      keepState(fields);
    } else {
      written =
          TraceParent.root(nonZero(loop), random.nextLong(loop), nonZero(loop), room[loop.index()]);
      fields.remove(TRACESTATE);
    }
    fields.set(TRACEPARENT, written);
    exchange.set(TraceContext.KEY, new TraceContext(written));
    return Verdict.Proceed.PROCEED;
  }

  private static @Nullable String parent(ReceivedFields received) {
    int index = received.indexOf(TRACEPARENT, 0);
    if (index < 0 || received.indexOf(TRACEPARENT, index + 1) >= 0) {
      return null;
    }
    String text = received.value(index);
    return TraceParent.isValid(text) ? text : null;
  }

  /** Section 3.3.1: several lines are one list; what cannot be parsed is left out altogether. */
  private static void keepState(Fields fields) {
    ReceivedFields received = fields.received();
    int index = received.indexOf(TRACESTATE, 0);
    if (index < 0) {
      return;
    }
    String state = received.value(index);
    int next = received.indexOf(TRACESTATE, index + 1);
    boolean isOne = next < 0;
    if (!isOne) {
      StringBuilder lines = new StringBuilder(state);
      for (; next >= 0; next = received.indexOf(TRACESTATE, next + 1)) {
        lines.append(',').append(received.value(next));
      }
      state = lines.toString();
    }
    if (!TraceState.isValid(state)) {
      fields.remove(TRACESTATE);
    } else if (!isOne) {
      fields.set(TRACESTATE, state);
    }
  }

  private long nonZero(Loop loop) {
    long bits = random.nextLong(loop);
    return bits == 0 ? 1 : bits;
  }
}
