package tollgate.core.handler;

import tollgate.core.exchange.Ending;
import tollgate.core.exchange.Exchange;

/**
 * One step of the chain. Built once per route from its options, shared by all event loops, and
 * keeps no per-request state: that lives in the exchange under a {@link
 * tollgate.core.exchange.Key}. No method blocks. What it throws is a bug: the exchange is answered
 * with 500.
 */
public interface Handler extends AutoCloseable {
  /** As written in the configuration. */
  String name();

  /** Asked once per exchange, before anything else; false leaves the handler out altogether. */
  default boolean appliesTo(Exchange exchange) {
    return true;
  }

  /** Asked after {@link #onRequest} proceeded. */
  default BodyUse requestBody(Exchange exchange) {
    return BodyUse.Untouched.UNTOUCHED;
  }

  /** Asked after {@link #onResponse} proceeded. */
  default BodyUse responseBody(Exchange exchange) {
    return BodyUse.Untouched.UNTOUCHED;
  }

  /** Sees the request's head only. */
  Verdict onRequest(Exchange exchange);

  /** Called when {@link #requestBody} asked for the whole body. */
  default Verdict onRequestBody(Exchange exchange, Body body) {
    return Verdict.Proceed.PROCEED;
  }

  /** Called when {@link #requestBody} asked for a built one. */
  default Verdict onRequestMessage(Exchange exchange, Message message) {
    return Verdict.Proceed.PROCEED;
  }

  default Verdict onResponse(Exchange exchange) {
    return Verdict.Proceed.PROCEED;
  }

  /** Called when {@link #responseBody} asked for the whole body. */
  default Verdict onResponseBody(Exchange exchange, Body body) {
    return Verdict.Proceed.PROCEED;
  }

  /** Called when {@link #responseBody} asked for a built one. */
  default Verdict onResponseMessage(Exchange exchange, Message message) {
    return Verdict.Proceed.PROCEED;
  }

  /** Exactly once for every handler that was entered, however the exchange ended. */
  default void onEnd(Exchange exchange, Ending ending) {}

  /** When the last snapshot that uses it ends. Any thread. */
  @Override
  default void close() {}
}
