package tollgate.config.text;

import java.util.List;

/**
 * The documents of one file and what was wrong with its text. Immutable. A problem may have made
 * documents disappear; {@code complete} says whether all of them are there.
 */
public record ParsedText(List<ConfigNode> documents, List<TextProblem> problems, boolean complete) {
  public ParsedText {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
  }
}
