package tollgate.core.chain;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.exchange.Ending;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;

/**
 * Which handlers of its chain an exchange concerns: each is asked once, and each that it concerns
 * hears of its end. Event loop only.
 */
final class EnteredHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(EnteredHandlers.class);

  /** One bit for each position in the chain. */
  private long bits;

  boolean has(int position) {
    return (bits & (1L << position)) != 0;
  }

  /** Asks the handler, unless it was asked before and said yes. */
  boolean enter(Handler handler, int position, Exchange exchange) {
    if (has(position)) {
      return true;
    }
    boolean applies;
    try {
      applies = handler.appliesTo(exchange);
    } catch (RuntimeException | LinkageError e) {
      LOG.error(
          "{}: handler {} failed in appliesTo; it is treated as applying",
          exchange.requestId(),
          handler.name(),
          e);
      applies = true;
    }
    if (applies) {
      bits |= 1L << position;
    }
    return applies;
  }

  /** Tells those that were entered, the last first. */
  void tellEnd(Chain chain, Exchange exchange, Ending ending) {
    for (long left = bits; left != 0; ) {
      int index = Long.SIZE - 1 - Long.numberOfLeadingZeros(left);
      left &= ~(1L << index);
      Handler handler = chain.handlers[index];
      try {
        handler.onEnd(exchange, ending);
      } catch (RuntimeException | LinkageError e) {
        LOG.error("{}: handler {} failed in onEnd", exchange.requestId(), handler.name(), e);
      }
    }
  }
}
