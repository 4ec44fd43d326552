package tollgate.handlers.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.openapi.OpenApiParameter;
import tollgate.config.openapi.OpenApiParameter.In;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.FaultError;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonParser;
import tools.jackson.databind.JsonNode;

/** The parameters of one operation. Immutable; any thread. */
final class ParameterChecks {
  private static final FieldName COOKIE = FieldName.of("Cookie");
  private static final int MAX_JSON_BYTES = 64 * 1024;

  private final List<Check> path = new ArrayList<>();
  private final List<Check> query = new ArrayList<>();
  private final List<Check> headers = new ArrayList<>();
  private final List<Check> cookies = new ArrayList<>();
  private final boolean refusesUnknownQuery;

  /**
   * One parameter.
   *
   * @param capture which of the path's captures it is, for those in the path
   * @param field the field, for those in headers
   * @param checker null if any value is good
   */
  private record Check(
      OpenApiParameter parameter,
      ParameterText text,
      int capture,
      FieldName field,
      @Nullable JsonChecker checker) {
    void add(Violations into, String pointer, String message) {
      into.addAtParameter(parameter.in().word(), parameter.name(), pointer, message);
    }
  }

  /** Finds the checker of a parameter's schema. */
  @FunctionalInterface
  interface Compiler {
    @Nullable JsonChecker checker(OpenApiParameter parameter);
  }

  /**
   * @param names of the path's parameters, in order, as the OpenAPI document has them
   */
  ParameterChecks(
      List<OpenApiParameter> parameters,
      List<String> names,
      boolean refusesUnknownQuery,
      Compiler compiler) {
    this.refusesUnknownQuery = refusesUnknownQuery;
    for (OpenApiParameter parameter : parameters) {
      Check check =
          new Check(
              parameter,
              new ParameterText(parameter),
              parameter.in() == In.PATH ? names.indexOf(parameter.name()) : -1,
              parameter.in() == In.HEADER ? FieldName.of(parameter.name()) : COOKIE,
              compiler.checker(parameter));
      switch (parameter.in()) {
        case PATH -> path.add(check);
        case QUERY -> query.add(check);
        case HEADER -> headers.add(check);
        case COOKIE -> cookies.add(check);
      }
    }
  }

  /** Whether there is nothing to look at. */
  boolean isEmpty() {
    return path.isEmpty()
        && query.isEmpty()
        && headers.isEmpty()
        && cookies.isEmpty()
        && !refusesUnknownQuery;
  }

  /** Looks at the head of a request. */
  void check(Exchange exchange, Violations into) {
    for (Check check : path) {
      List<String> captures = exchange.captures();
      if (check.capture() >= 0 && check.capture() < captures.size()) {
        single(check, captures.get(check.capture()), into);
      }
    }
    if (!query.isEmpty() || refusesUnknownQuery) {
      query(QueryText.ofQuery(exchange.request().query()), into);
    }
    Fields fields = exchange.request().fields();
    checkFields(fields, into);
    if (!cookies.isEmpty()) {
      QueryText text = QueryText.ofCookies(fields.all(COOKIE));
      cookies.forEach(check -> listed(check, text, into));
    }
  }

  /** Looks at header fields alone. */
  void checkFields(Fields fields, Violations into) {
    for (Check check : headers) {
      if (fields.contains(check.field())) {
        single(check, String.join(",", fields.all(check.field())), into);
      } else if (check.parameter().isRequired()) {
        check.add(into, "", "is missing");
      }
    }
  }

  private void query(QueryText text, Violations into) {
    if (text.isMalformed()) {
      into.addAtParameter("query", "", "", "has a name that is not percent-encoded UTF-8");
    }
    query.forEach(check -> listed(check, text, into));
    if (refusesUnknownQuery) {
      for (QueryText.Pair pair : text.pairs()) {
        if (query.stream().noneMatch(check -> check.text().owns(pair.name()))) {
          into.addAtParameter("query", pair.name(), "", "is not declared");
        }
      }
    }
  }

  private static void listed(Check check, QueryText text, Violations into) {
    try {
      if (check.parameter().isJson()) {
        for (QueryText.Pair pair : text.pairs()) {
          if (pair.name().equals(check.parameter().name())) {
            json(check, pair.raw(), into);
            return;
          }
        }
      } else {
        JsonNode value = check.text().value(text);
        if (value != null) {
          compare(check, value, into);
          return;
        }
      }
      if (check.parameter().isRequired()) {
        check.add(into, "", "is missing");
      }
    } catch (ParameterText.BadTextException e) {
      check.add(into, "", String.valueOf(e.getMessage()));
    }
  }

  private static void single(Check check, String raw, Violations into) {
    try {
      if (check.parameter().isJson()) {
        json(check, raw, into);
      } else {
        compare(check, check.text().value(raw), into);
      }
    } catch (ParameterText.BadTextException e) {
      check.add(into, "", String.valueOf(e.getMessage()));
    }
  }

  private static void json(Check check, String raw, Violations into)
      throws ParameterText.BadTextException {
    byte[] text = check.text().decoded(raw).getBytes(UTF_8);
    if (text.length > MAX_JSON_BYTES) {
      throw new ParameterText.BadTextException("is longer than " + MAX_JSON_BYTES + " bytes");
    }
    try {
      JsonNode value =
          DocumentNodes.of(
              JsonParser.parse(text, PayloadLimits.DEFAULT, DuplicateNames.REFUSE), into);
      if (value != null) {
        compare(check, value, into);
      }
    } catch (MalformedPayloadException _) {
      throw new ParameterText.BadTextException("is no JSON text");
    }
  }

  private static void compare(Check check, JsonNode value, Violations into) {
    JsonChecker checker = check.checker();
    if (checker == null) {
      return;
    }
    Violations own = new Violations();
    checker.check(value, own);
    if (own.isEmpty()) {
      return;
    }
    JsonNode other = ParameterText.alternative(value, check.parameter().type());
    if (other != null) {
      Violations second = new Violations();
      checker.check(other, second);
      if (second.isEmpty()) {
        return;
      }
    }
    for (FaultError violation : own.kept()) {
      String pointer =
          violation.place() instanceof FaultError.Place.Pointer place ? place.pointer() : "";
      check.add(into, pointer, violation.detail());
    }
  }
}
