package tollgate.core.message.scan;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Encodings in which markup is ASCII, so that it can be found byte by byte. */
enum XmlEncoding {
  ASCII,
  UTF_8,
  /** One byte a character; what is beyond ASCII is taken for letters. */
  SINGLE;

  /** By its name in a declaration or a media type; null for one that is not read. */
  static @Nullable XmlEncoding of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "utf-8" -> UTF_8;
      case "us-ascii", "ascii" -> ASCII;
      default ->
          lower.matches("iso-8859-(?:[1-9]|1[03456])|windows-125[0-8]|latin1|cp125[0-8]")
              ? SINGLE
              : null;
    };
  }
}
