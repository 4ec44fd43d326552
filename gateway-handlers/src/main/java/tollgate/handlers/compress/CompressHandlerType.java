package tollgate.handlers.compress;

import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.size;

import java.util.EnumMap;
import java.util.Map;
import tollgate.config.model.DataSize;
import tollgate.config.read.Key;
import tollgate.config.read.Keys;
import tollgate.config.read.ScalarType;
import tollgate.config.read.Shape;
import tollgate.config.read.ValueTypes;
import tollgate.core.coding.ContentCoding;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/** The step {@code compress}. Immutable; any thread. */
public final class CompressHandlerType implements HandlerType<CompressOptions> {
  static final String NAME = "compress";

  private static final ScalarType<String> TYPE =
      ValueTypes.text("media type", "application/json", MediaTypes.PATTERN);

  /** How much work each coding is given. */
  private record Levels(Map<ContentCoding, Integer> of) {}

  private static final Shape<Levels> LEVELS =
      Shape.of(
          Levels.class,
          "How much work each coding is given.",
          keys -> {
            var gzip = level(keys, ContentCoding.GZIP);
            var br = level(keys, ContentCoding.BR);
            var zstd = level(keys, ContentCoding.ZSTD);
            return fields -> {
              Map<ContentCoding, Integer> levels = new EnumMap<>(ContentCoding.class);
              levels.put(ContentCoding.GZIP, fields.get(gzip));
              levels.put(ContentCoding.BR, fields.get(br));
              levels.put(ContentCoding.ZSTD, fields.get(zstd));
              return new Levels(levels);
            };
          });

  private static final Shape<CompressOptions> OPTIONS =
      Shape.of(
          CompressOptions.class,
          "Compresses responses for clients that accept it.",
          keys -> {
            var codings =
                keys.withDefault(
                    "codings",
                    listOf(oneOf(ContentCoding.class, ContentCoding::token))
                        .nonEmpty()
                        .unique("", coding -> coding),
                    CompressOptions.DEFAULT_CODINGS,
                    "Codings to offer; of those a client likes equally the first is taken.");
            var types =
                keys.withDefault(
                    "types",
                    listOf(TYPE).nonEmpty(),
                    CompressOptions.DEFAULT_TYPES,
                    "Media types to compress: type/subtype, type/* or type/*+suffix.");
            var minSize =
                keys.withDefault(
                    "minSize",
                    size(DataSize.ofBytes(0), DataSize.ofMebibytes(1)),
                    CompressOptions.DEFAULT_MIN_SIZE,
                    "Responses known to be smaller are left as they are.");
            var levels = keys.section("levels", LEVELS, "How much work each coding is given.");
            return fields ->
                new CompressOptions(
                    fields.get(codings),
                    fields.get(types),
                    fields.get(minSize),
                    fields.get(levels).of());
          });

  public CompressHandlerType() {}

  private static Key<Integer> level(Keys keys, ContentCoding coding) {
    return keys.withDefault(
        coding.token(),
        integer(coding.minLevel(), coding.maxLevel()),
        coding.defaultLevel(),
        "Level of " + coding.token() + "; more is smaller and slower.");
  }

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
    return Side.RESPONSE;
  }

  @Override
  public Shape<CompressOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(CompressOptions options, Side side, HandlerContext context) {
    return new CompressHandler(options);
  }
}
