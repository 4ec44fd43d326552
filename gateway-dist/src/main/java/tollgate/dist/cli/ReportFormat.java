package tollgate.dist.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.config.read.Diagnostic;
import tollgate.config.text.Location;
import tollgate.dist.json.Json;

/** How the problems of a configuration are printed. */
enum ReportFormat {
  /** A line each and a summary, for people. */
  TEXT {
    @Override
    String print(Path root, List<Diagnostic> problems) {
      StringBuilder text = new StringBuilder();
      problems.forEach(problem -> text.append(problem).append('\n'));
      long errors = errors(problems);
      long warnings = problems.size() - errors;
      text.append(root).append(errors == 0 ? " is good" : " cannot be used");
      if (!problems.isEmpty()) {
        text.append(": ")
            .append(counted(errors, "error"))
            .append(", ")
            .append(counted(warnings, "warning"));
      }
      return text.append('\n').toString();
    }
  },
  /** One object, for scripts. */
  JSON {
    @Override
    String print(Path root, List<Diagnostic> problems) {
      return Json.print(
          Json.object(
              "folder", root.toString(),
              "valid", errors(problems) == 0,
              "errors", errors(problems),
              "warnings", problems.size() - errors(problems),
              "problems", problems.stream().map(ReportFormat::json).toList()));
    }
  },
  /** SARIF 2.1.0, for code review tools. */
  SARIF {
    @Override
    String print(Path root, List<Diagnostic> problems) {
      Map<String, Object> driver =
          Json.object(
              "name", "tollgate",
              "version", Build.present().version(),
              "rules",
                  List.of(
                      Json.object(
                          "id",
                          RULE,
                          "shortDescription",
                          Json.object("text", "The configuration can be used as written"))));
      return Json.print(
          Json.object(
              "$schema", "https://json.schemastore.org/sarif-2.1.0.json",
              "version", "2.1.0",
              "runs",
                  List.of(
                      Json.object(
                          "tool", Json.object("driver", driver),
                          "columnKind", "unicodeCodePoints",
                          "results", problems.stream().map(ReportFormat::sarif).toList()))));
    }
  };

  private static final String RULE = "configuration";

  /** The whole report, with its last line end. */
  abstract String print(Path root, List<Diagnostic> problems);

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  private static long errors(List<Diagnostic> problems) {
    return problems.stream().filter(Diagnostic::isError).count();
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static Map<String, Object> json(Diagnostic problem) {
    return Json.object(
        "severity", severity(problem),
        "file", problem.location().file(),
        "line", problem.location().line(),
        "column", problem.location().column(),
        "path", problem.path(),
        "message", problem.message());
  }

  private static Map<String, Object> sarif(Diagnostic problem) {
    Location place = problem.location();
    Map<String, Object> physical = new LinkedHashMap<>();
    physical.put("artifactLocation", Json.object("uri", uri(place.file())));
    if (place.line() > 0) {
      physical.put("region", Json.object("startLine", place.line(), "startColumn", place.column()));
    }
    String text =
        problem.path().isEmpty() ? problem.message() : problem.path() + ": " + problem.message();
    return Json.object(
        "ruleId", RULE,
        "level", severity(problem),
        "message", Json.object("text", text),
        "locations", List.of(Json.object("physicalLocation", physical)));
  }

  private static String severity(Diagnostic problem) {
    return problem.isError() ? "error" : "warning";
  }

  /** SARIF wants URI references where we have file names. */
  private static String uri(String file) {
    try {
      return file.startsWith("/")
          ? Path.of(file).toUri().toString()
          : new URI(null, null, file, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "file: " + file + " (expected: a name that a URI can hold)", e);
    }
  }
}
