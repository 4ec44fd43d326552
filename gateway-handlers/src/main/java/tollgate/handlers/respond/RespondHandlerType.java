package tollgate.handlers.respond;

import static tollgate.config.read.ValueTypes.anyText;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.mapOf;

import tollgate.config.read.ScalarType;
import tollgate.config.read.Shape;
import tollgate.config.read.ValueTypes;
import tollgate.core.handler.FieldOptions;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;

/** The step {@code respond}. Immutable; any thread. */
public final class RespondHandlerType implements HandlerType<RespondOptions> {
  static final String NAME = "respond";

  private static final ScalarType<String> MEDIA_TYPE =
      ValueTypes.text(
          "media type",
          "application/json",
          "[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:[ \\t]*;[ \\t]*[!-~](?:[ -~]*[!-~])?)?");

  private static final Shape<RespondOptions> OPTIONS =
      Shape.of(
          RespondOptions.class,
          "Answers here; the backend is not asked.",
          keys -> {
            var status =
                keys.withDefault(
                    "status",
                    integer(RespondOptions.MIN_STATUS, RespondOptions.MAX_STATUS),
                    RespondOptions.DEFAULT_STATUS,
                    "Status of the answer.");
            var headers =
                keys.withDefault(
                    "headers",
                    mapOf(FieldOptions.NAME, FieldOptions.VALUE),
                    RespondOptions.DEFAULT_HEADERS,
                    "Header fields, but for Content-Type.");
            var body =
                keys.withDefault(
                    "body",
                    anyText(),
                    RespondOptions.DEFAULT_BODY,
                    "Body, sent as UTF-8; ${file:path} takes a file's content.");
            var contentType =
                keys.optional(
                    "contentType",
                    MEDIA_TYPE,
                    "Media type of the body.",
                    RespondOptions.TEXT + " where there is a body");
            keys.check(
                headers,
                fields ->
                    fields.get(headers).containsKey(FieldName.CONTENT_TYPE)
                        ? "has Content-Type (expected: contentType beside it)"
                        : null);
            keys.check(
                body,
                fields ->
                    !fields.get(body).isEmpty() && RespondOptions.isBodiless(fields.get(status))
                        ? "stands beside the status "
                            + fields.get(status)
                            + ", whose answers have none (expected: no body)"
                        : null);
            return fields ->
                new RespondOptions(
                    fields.get(status),
                    fields.get(headers),
                    fields.get(body),
                    fields.get(contentType));
          });

  public RespondHandlerType() {}

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
    return Side.REQUEST;
  }

  @Override
  public Shape<RespondOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(RespondOptions options, Side side, HandlerContext context) {
    return new RespondHandler(options);
  }
}
