package tollgate.config.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The YAML of one configuration file. A careful subset of YAML 1.2: UTF-8 only; no anchors,
 * aliases, tags, duplicate or structured keys, and no tabs in the indentation. Any thread.
 *
 * <p>The tree is built from parse events and not by the library's composer: an alias is seen before
 * anything could be expanded, and depth is bounded before anything recurses.
 */
public final class YamlText {
  /** Larger files are refused unread. */
  public static final int MAX_BYTES = 8 * 1024 * 1024;

  /** After so many problems of one file the rest of it is not looked at. */
  static final int MAX_PROBLEMS = 1000;

  /** Deeper nesting is refused. */
  public static final int MAX_DEPTH = 64;

  /** The end of the text is a NUL to the parser, and so it stands in what it says of it. */
  private static final String CONTROLS = "[\\s\\p{Cc}\\u2028\\u2029]+";

  private YamlText() {}

  /**
   * Parses one file. Never throws for bad text: whatever is wrong is in {@link
   * ParsedText#problems}.
   *
   * @param file the name used in locations
   */
  public static ParsedText parse(String file, byte[] bytes) {
    return parse(file, bytes, new Repeats());
  }

  /** The same, with texts that are shared with other files of the same read. */
  public static ParsedText parse(String file, byte[] bytes, Repeats repeats) {
    if (bytes.length > MAX_BYTES) {
      return refused(tooLarge(file));
    }
    Utf8Text decoded = Utf8Text.decode(bytes);
    String text = decoded.text();
    if (text == null) {
      return refused(notUtf8(file, decoded));
    }
    Location tab = tabInIndentation(file, text);
    if (tab != null) {
      return refused(new TextProblem(tab, "", "tab in the indentation (expected: spaces)"));
    }
    return parseText(file, text, repeats, MAX_DEPTH);
  }

  /**
   * Parses a file that the configuration names, such as a schema: JSON if it begins as JSON does,
   * else YAML, with the same refusals.
   *
   * @param maxDepth deeper nesting is refused
   */
  public static ParsedText parseNamed(String file, byte[] bytes, int maxDepth) {
    if (bytes.length > MAX_BYTES) {
      return refused(tooLarge(file));
    }
    Utf8Text decoded = Utf8Text.decode(bytes);
    String text = decoded.text();
    if (text == null) {
      return refused(notUtf8(file, decoded));
    }
    if (beginsAsJson(text)) {
      return JsonDocumentText.parse(file, text, maxDepth);
    }
    Location tab = tabInIndentation(file, text);
    return tab == null
        ? parseText(file, text, new Repeats(), maxDepth)
        : refused(new TextProblem(tab, "", "tab in the indentation (expected: spaces)"));
  }

  private static boolean beginsAsJson(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
        return c == '{' || c == '[';
      }
    }
    return false;
  }

  private static TextProblem notUtf8(String file, Utf8Text decoded) {
    Location place = new Location(file, decoded.badLine(), decoded.badColumn());
    return new TextProblem(place, "", "byte is not valid UTF-8 (expected: a UTF-8 file)");
  }

  private static TextProblem tooLarge(String file) {
    String message = "is larger than " + MAX_BYTES + " bytes (expected: several smaller files)";
    return new TextProblem(Location.ofFile(file), "", message);
  }

  private static ParsedText refused(TextProblem problem) {
    return new ParsedText(List.of(), List.of(problem), false);
  }

  private static @Nullable Location tabInIndentation(String file, String text) {
    int line = 1;
    int lineStart = 0;
    boolean indentation = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        lineStart = i + 1;
        indentation = true;
      } else if (c == '\t' && indentation) {
        return new Location(file, line, i - lineStart + 1);
      } else if (c != ' ') {
        indentation = false;
      }
    }
    return null;
  }

  private static ParsedText parseText(String file, String text, Repeats repeats, int maxDepth) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setCodePointLimit(MAX_BYTES)
            .build();
    List<TextProblem> problems = new ArrayList<>();
    TreeBuilder tree = new TreeBuilder(file, repeats, problems, maxDepth);
    try {
      boolean complete = tree.build(new ParserImpl(settings, new StreamReader(settings, text)));
      return new ParsedText(tree.documents(), problems, complete);
    } catch (MarkedYamlEngineException e) {
      problems.add(new TextProblem(place(file, e), "", syntax(e)));
    } catch (ReaderException e) {
      Location place = placeOfCodePoint(file, text, e.getPosition());
      String message = String.format("character U+%04X is not allowed in YAML", e.getCodePoint());
      problems.add(new TextProblem(place, "", message));
    } catch (YamlEngineException e) {
      problems.add(
          new TextProblem(
              Location.ofFile(file), "", "not readable as YAML: " + oneLine(e.getMessage())));
    }
    return new ParsedText(tree.documents(), problems, false);
  }

  private static Location place(String file, MarkedYamlEngineException e) {
    return e.getProblemMark()
        .or(e::getContextMark)
        .map(mark -> new Location(file, mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(Location.ofFile(file));
  }

  private static String syntax(MarkedYamlEngineException e) {
    String context = e.getContext();
    String problem = oneLine(e.getProblem());
    return "YAML syntax: "
        + (context == null || context.isBlank() ? problem : oneLine(context) + ", " + problem);
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "" : message.replaceAll(CONTROLS, " ").strip();
  }

  private static Location placeOfCodePoint(String file, String text, int position) {
    int end =
        text.offsetByCodePoints(0, Math.clamp(position, 0, text.codePointCount(0, text.length())));
    int lineStart = text.lastIndexOf('\n', end - 1) + 1;
    int line = 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    return new Location(file, line, 1 + text.codePointCount(lineStart, end));
  }
}
