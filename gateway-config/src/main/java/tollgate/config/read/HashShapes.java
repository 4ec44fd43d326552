package tollgate.config.read;

import static tollgate.config.read.ValueTypes.either;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.text;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import tollgate.config.model.HashConfig;
import tollgate.config.model.HashConfig.Source;

/** The forms of {@code hash} of an upstream: a word, or a map of one key. */
final class HashShapes {
  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}";

  private static final Shape<HashConfig> NAMED =
      Shape.of(
          HashConfig.class,
          "The value of one named part; exactly one key.",
          keys -> {
            var header =
                keys.optional(
                    "header",
                    text("header name", "X-Tenant", TOKEN),
                    "A header field.",
                    "see above");
            var cookie =
                keys.optional(
                    "cookie", text("cookie name", "session", TOKEN), "A cookie.", "see above");
            var query =
                keys.optional(
                    "query",
                    text("parameter name", "tenant", "[^&=#\\s]{1,128}"),
                    "A parameter of the query, its name as it is encoded there.",
                    "see above");
            keys.check(
                header,
                fields ->
                    Stream.of(header, cookie, query).filter(key -> fields.get(key) != null).count()
                            == 1
                        ? null
                        : "is not the only key, or none is there (expected: one of header, cookie,"
                            + " query)");
            return fields -> {
              String headerName = fields.get(header);
              String cookieName = fields.get(cookie);
              String queryName = fields.get(query);
              return headerName != null
                  ? new HashConfig(Source.HEADER, headerName)
                  : cookieName != null
                      ? new HashConfig(Source.COOKIE, cookieName)
                      : new HashConfig(Source.QUERY, queryName == null ? "" : queryName);
            };
          });

  private static final ScalarType<HashConfig> WORD = oneOf(words(), hash -> hash.source().word());

  static final EitherType<HashConfig> HASH = either(WORD, NAMED);

  private HashShapes() {}

  private static Map<String, HashConfig> words() {
    Map<String, HashConfig> words = new LinkedHashMap<>();
    for (Source source : Source.values()) {
      if (!source.isNamed()) {
        words.put(source.word(), new HashConfig(source, ""));
      }
    }
    return words;
  }
}
