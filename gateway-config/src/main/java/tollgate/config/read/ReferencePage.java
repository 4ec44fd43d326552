package tollgate.config.read;

import java.util.List;
import java.util.Map;

/**
 * Writes the reference of all keys as Markdown, from the definitions the reader uses. One thread,
 * used once.
 */
public final class ReferencePage {
  private static final Map<String, String> KINDS_INTRODUCTION =
      Map.of(
          "Gateway",
          "Stands in `gateway.yaml`, once.",
          "Policy",
          "The steps and their options have a page of their own: [steps](steps.md).");

  private final StringBuilder out = new StringBuilder();

  private ReferencePage() {}

  /** The page of all kinds. */
  public static String ofKinds() {
    ReferencePage page = new ReferencePage();
    page.out.append(
        """
        # Configuration reference

        <!-- Generated from the reader's own definitions; `mvn test -pl gateway-config -Dgolden.update` writes it anew. -->

        A root folder (`--conf`, by default `conf`) holds `gateway.yaml` with one document of kind `Gateway`, and `conf.d` with any
        number of files ending in `.yaml` or `.yml`, at any depth, each with any number of documents. Names that begin with a dot or
        end in `~` or `.tmp` are skipped. File names inside the configuration are relative to the root folder.

        - Every document has `kind`. An unknown key is an error. Anchors, aliases and tags are refused, as are files above 8 MiB.
        - A **duration** is a whole number and a unit: `250ms`, `30s`, `5m`, `1h`, `1day`, `1week`. A **size** has `B`, `KiB`, `MiB`,
          `GiB` or `TiB`.
        - `${env:NAME}`, `${env:NAME:-default}` and `${file:path}` may stand inside any value; `$${` is a literal `${`. What cannot be
          resolved is an error. A secret that stands in the file itself is a warning.
        """);
    for (Kind<?> kind : Kind.all(Vocabulary.of(StepShapes.none()))) {
      page.kind(kind);
    }
    return page.out.toString();
  }

  /** The page of some steps. */
  public static String ofSteps(StepShapes steps) {
    ReferencePage page = new ReferencePage();
    page.out.append(
        "# Policy steps\n\nThe steps that the `request` and `response` lists of a `Policy` may hold.\n");
    for (StepShape<?> step : steps.all()) {
      page.step(step);
    }
    return page.out.toString();
  }

  private void kind(Kind<?> kind) {
    out.append("\n## ").append(kind.name()).append("\n\n").append(kind.shape().doc());
    String more = KINDS_INTRODUCTION.get(kind.name());
    out.append(more == null ? "" : " " + more).append('\n');
    table("", kind.shape());
  }

  private void step(StepShape<?> step) {
    List<String> places = step.places().stream().map(StepPlace::word).sorted().toList();
    out.append("\n## ").append(step.name()).append("\n\n").append(step.doc());
    out.append(" Stands in: ").append(String.join(", ", places)).append(".\n");
    if (!(step.options() instanceof Shape<?>)) {
      out.append("\nValue: ").append(type(step.options())).append(".\n");
    }
    table("", step.options());
  }

  private void table(String prefix, ValueType<?> type) {
    if (type instanceof Shape<?> shape && shape.entries().isEmpty()) {
      out.append("\nNo options.\n");
      return;
    }
    int start = out.length();
    rows(prefix, type);
    if (out.length() > start) {
      out.insert(start, "\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
    }
  }

  /** Rows of the keys in a type, at any depth; none for a scalar. */
  private void rows(String prefix, ValueType<?> type) {
    switch (type) {
      case Shape<?> shape -> shape.entries().forEach(entry -> row(prefix, entry));
      case ListType<?> list -> rows(prefix + "[]", list.item());
      case MapType<?, ?> map -> rows(prefix + ".*", map.value());
      case EitherType<?> either -> rows(prefix, either.longForm());
      case ScalarType<?> _, TreeType<?> _, StepListType _ -> {}
    }
  }

  private void row(String prefix, Keys.Entry entry) {
    String path = prefix.isEmpty() ? entry.name() : prefix + "." + entry.name();
    out.append("| `").append(path).append("` | ").append(cell(type(entry.type())));
    out.append(" | ")
        .append(cell(absence(entry)))
        .append(" | ")
        .append(cell(entry.doc()))
        .append(" |\n");
    rows(path, entry.type());
  }

  private static String type(ValueType<?> type) {
    return switch (type) {
      case Shape<?> _ -> "map";
      case ListType<?> list ->
          "list of " + type(list.item()) + (list.isNonEmpty() ? ", at least one" : "");
      case MapType<?, ?> map -> "map of " + map.key().describe() + " to " + type(map.value());
      case EitherType<?> either -> type(either.shortForm()) + ", or " + type(either.longForm());
      case ScalarType<?> scalar -> scalar.describe();
      case TreeType<?> tree -> tree.describe();
      case StepListType steps -> steps.describe();
    };
  }

  private static String absence(Keys.Entry entry) {
    return switch (entry.absence()) {
      case Keys.Absence.Refused _ -> "**required**";
      case Keys.Absence.Default preset -> {
        Object json = preset.json();
        yield json == null
            ? "as below"
            : "`"
                + (json.equals("") ? "\"\"" : JsonText.printFlat(json).replaceAll("^\"|\"$", ""))
                + "`";
      }
      case Keys.Absence.Section _ -> "as below";
      case Keys.Absence.Nothing nothing -> nothing.meaning();
    };
  }

  private static String cell(String text) {
    return text.startsWith("`") || text.startsWith("**")
        ? text.replace("|", "\\|")
        : text.replace("|", "\\|").replace("*", "\\*");
  }
}
