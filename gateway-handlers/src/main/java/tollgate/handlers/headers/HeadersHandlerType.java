package tollgate.handlers.headers;

import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.mapOf;

import tollgate.config.read.Shape;
import tollgate.core.handler.FieldOptions;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/** The step {@code headers}. Immutable; any thread. */
public final class HeadersHandlerType implements HandlerType<HeadersOptions> {
  static final String NAME = "headers";

  private static final Shape<HeadersOptions> OPTIONS =
      Shape.of(
          HeadersOptions.class,
          "Edits header fields: first remove, then set, then add.",
          keys -> {
            var set =
                keys.withDefault(
                    "set",
                    mapOf(FieldOptions.NAME, FieldOptions.VALUE),
                    HeadersOptions.DEFAULT_SET,
                    "Fields that have this value alone afterwards.");
            var add =
                keys.withDefault(
                    "add",
                    mapOf(FieldOptions.NAME, FieldOptions.VALUE),
                    HeadersOptions.DEFAULT_ADD,
                    "Fields that get one more line.");
            var remove =
                keys.withDefault(
                    "remove",
                    listOf(FieldOptions.NAME).unique("", name -> name),
                    HeadersOptions.DEFAULT_REMOVE,
                    "Fields of which nothing is left.");
            return fields ->
                new HeadersOptions(fields.get(set), fields.get(add), fields.get(remove));
          });

  public HeadersHandlerType() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.CONTENT;
  }

  @Override
  public Side sides() {
    return Side.BOTH;
  }

  @Override
  public Shape<HeadersOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(HeadersOptions options, Side side, HandlerContext context) {
    return new HeadersHandler(options);
  }
}
