package tollgate.handlers.compress;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tollgate.config.model.DataSize;
import tollgate.core.coding.ContentCoding;

/**
 * What is compressed, and how. Immutable.
 *
 * @param codings those that are offered; of those a client likes equally the first is taken
 * @param types media types: {@code type/subtype}, {@code type/*} or {@code type/*+suffix}
 * @param minSize responses that are known to be smaller stay as they are
 * @param levels of every coding
 */
public record CompressOptions(
    List<ContentCoding> codings,
    List<String> types,
    DataSize minSize,
    Map<ContentCoding, Integer> levels) {
  public static final List<ContentCoding> DEFAULT_CODINGS =
      List.of(ContentCoding.ZSTD, ContentCoding.BR, ContentCoding.GZIP);

  /** Text. Images, archives and video are compressed already; event streams only when asked for. */
  public static final List<String> DEFAULT_TYPES =
      List.of(
          "text/plain",
          "text/html",
          "text/css",
          "text/csv",
          "text/xml",
          "text/javascript",
          "application/json",
          "application/*+json",
          "application/xml",
          "application/*+xml",
          "application/javascript",
          "application/x-ndjson",
          "image/svg+xml");

  public static final DataSize DEFAULT_MIN_SIZE = DataSize.ofKibibytes(1);

  public static final Map<ContentCoding, Integer> DEFAULT_LEVELS = defaultLevels();

  public CompressOptions {
    codings = List.copyOf(codings);
    types = List.copyOf(types);
    if (codings.isEmpty() || types.isEmpty()) {
      throw new IllegalArgumentException("compresses nothing (expected: codings and types)");
    }
    types.forEach(MediaTypes::check);
    levels = Map.copyOf(levels);
    for (ContentCoding coding : ContentCoding.values()) {
      Integer level = levels.get(coding);
      if (level == null || level < coding.minLevel() || level > coding.maxLevel()) {
        throw new IllegalArgumentException(
            coding.token()
                + ": level "
                + level
                + " (expected: "
                + coding.minLevel()
                + " to "
                + coding.maxLevel()
                + ")");
      }
    }
  }

  private static Map<ContentCoding, Integer> defaultLevels() {
    Map<ContentCoding, Integer> levels = new EnumMap<>(ContentCoding.class);
    for (ContentCoding coding : ContentCoding.values()) {
      levels.put(coding, coding.defaultLevel());
    }
    return Map.copyOf(levels);
  }
}
