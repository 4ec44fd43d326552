package tollgate.handlers.headers;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;

/**
 * Edits the fields of the request or of the response, whichever side it stands on. Event loop only.
 */
final class HeadersHandler implements Handler {
  private final FieldName[] removed;
  private final FieldName[] setNames;
  private final String[] setValues;
  private final FieldName[] addedNames;
  private final String[] addedValues;

  HeadersHandler(HeadersOptions options) {
    this.removed = options.remove().toArray(FieldName[]::new);
    this.setNames = names(options.set());
    this.setValues = values(options.set());
    this.addedNames = names(options.add());
    this.addedValues = values(options.add());
  }

  @Override
  public String name() {
    return HeadersHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    edit(exchange.request().fields());
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    edit(requireNonNull(exchange.response()).fields());
    return Verdict.Proceed.PROCEED;
  }

  private void edit(Fields fields) {
    for (FieldName name : removed) {
      fields.remove(name);
    }
    for (int i = 0; i < setNames.length; i++) {
      fields.set(setNames[i], setValues[i]);
    }
    for (int i = 0; i < addedNames.length; i++) {
      fields.add(addedNames[i], addedValues[i]);
    }
  }

  private static FieldName[] names(Map<FieldName, String> fields) {
    return fields.keySet().toArray(FieldName[]::new);
  }

  private static String[] values(Map<FieldName, String> fields) {
    return fields.values().toArray(String[]::new);
  }
}
