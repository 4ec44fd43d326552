package tollgate.handlers.status;

import static java.util.Objects.requireNonNull;

import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;
import tollgate.core.http.ResponseHead;

/** Gives answers of the backend another status. Event loop only. */
final class StatusHandler implements Handler {
  private final int[] table;

  StatusHandler(StatusOptions options) {
    this.table = options.table();
  }

  @Override
  public String name() {
    return StatusHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    ResponseHead head = requireNonNull(exchange.response());
    int status = head.status();
    if (exchange.responseOrigin() != ResponseOrigin.LOCAL
        && status < table.length
        && table[status] != 0) {
      head.status(table[status]);
    }
    return Verdict.Proceed.PROCEED;
  }
}
