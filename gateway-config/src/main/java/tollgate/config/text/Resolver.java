package tollgate.config.text;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${env:NAME}}, {@code ${env:NAME:-default}} and {@code ${file:path}} inside
 * scalars; a doubled dollar sign makes it literal. Other {@code ${...}} stay as they are. What was
 * put in is never looked at again. One thread; looks up each name once.
 */
public final class Resolver {
  private static final Pattern USE = Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z]+):([^}]*)(}?)");
  private static final Set<String> SCHEMES = Set.of("env", "file");

  private static final String EXPECTED =
      " (expected ${env:NAME}, ${env:NAME:-default} or ${file:path})";

  private final Environment environment;
  private final FileText files;
  private final List<TextProblem> problems = new ArrayList<>();
  private final Map<Substitution, Outcome> looked = new LinkedHashMap<>();

  /** What a look-up gave: a value, or why there is none. */
  public sealed interface Outcome {
    /** Found. Prints without its value, which may be a secret. */
    record Found(String value) implements Outcome {
      @Override
      public String toString() {
        return "Found[***]";
      }
    }

    /** Not found, or not readable. */
    record Missing(String why) implements Outcome {}
  }

  public Resolver(Environment environment, FileText files) {
    this.environment = requireNonNull(environment, "environment");
    this.files = requireNonNull(files, "files");
  }

  /**
   * The same tree with every scalar resolved; unchanged branches are shared. A scalar that could
   * not be resolved is broken.
   */
  public ConfigNode resolve(ConfigNode node) {
    return resolve(node, "");
  }

  /** Everything unresolved so far. */
  public List<TextProblem> problems() {
    return List.copyOf(problems);
  }

  /** Everything looked up so far, and what it gave. */
  public Map<Substitution, Outcome> lookedUp() {
    return Map.copyOf(looked);
  }

  /** Looks up one variable or file, at most once. */
  public Outcome lookUp(Substitution use) {
    return looked.computeIfAbsent(use, this::find);
  }

  private Outcome find(Substitution use) {
    return switch (use.source()) {
      case ENV -> {
        String value = environment.variable(use.name());
        yield value == null
            ? new Outcome.Missing("is not set in the environment")
            : new Outcome.Found(value);
      }
      case FILE -> {
        try {
          yield new Outcome.Found(files.readBlocking(use.name()));
        } catch (IOException e) {
          yield new Outcome.Missing("cannot be read: " + e.getMessage());
        }
      }
    };
  }

  private ConfigNode resolve(ConfigNode node, String path) {
    if (!hasUse(node)) {
      return node;
    }
    return switch (node) {
      case ScalarNode scalar -> resolve(scalar, path);
      case ListNode list -> resolve(list, path);
      case MapNode map -> resolve(map, path);
    };
  }

  private static boolean hasUse(ConfigNode node) {
    return switch (node) {
      case ScalarNode scalar -> scalar.text().contains("${");
      case ListNode list -> list.items().stream().anyMatch(Resolver::hasUse);
      case MapNode map -> map.entries().stream().anyMatch(entry -> hasUse(entry.value()));
    };
  }

  private ListNode resolve(ListNode list, String path) {
    List<ConfigNode> items = new ArrayList<>(list.items().size());
    for (ConfigNode item : list.items()) {
      items.add(resolve(item, path + "[" + items.size() + "]"));
    }
    return new ListNode(list.location(), items);
  }

  private MapNode resolve(MapNode map, String path) {
    List<MapNode.Entry> entries = new ArrayList<>(map.entries().size());
    for (MapNode.Entry entry : map.entries()) {
      ConfigNode value = resolve(entry.value(), child(path, entry.key()));
      entries.add(new MapNode.Entry(entry.key(), entry.location(), value));
    }
    return new MapNode(map.location(), entries);
  }

  private static String child(String path, String key) {
    String name = Quoted.escaped(key);
    return path.isEmpty() ? name : path + "." + name;
  }

  private ScalarNode resolve(ScalarNode scalar, String path) {
    Matcher uses = USE.matcher(scalar.text());
    StringBuilder text = new StringBuilder();
    boolean resolved = false;
    boolean broken = false;
    int end = 0;
    while (uses.find()) {
      text.append(scalar.text(), end, uses.start());
      end = uses.end();
      if (uses.group(1) == null) {
        text.append("${"); // the escape $${
        continue;
      }
      Outcome outcome = outcome(uses);
      if (outcome == null) {
        text.append(uses.group());
      } else if (outcome instanceof Outcome.Found found) {
        text.append(found.value());
        resolved = true;
      } else if (outcome instanceof Outcome.Missing missing) {
        refuse(scalar, path, uses.group(), missing.why());
        broken = true;
      }
    }
    text.append(scalar.text(), end, scalar.text().length());
    if (broken) {
      return ScalarNode.broken(scalar.location());
    }
    var form = resolved ? ScalarNode.Form.RESOLVED : scalar.form();
    return new ScalarNode(scalar.location(), text.toString(), scalar.written(), form);
  }

  private void refuse(ScalarNode scalar, String path, String use, String why) {
    if (problems.size() < YamlText.MAX_PROBLEMS) {
      problems.add(new TextProblem(scalar.location(), path, Quoted.of(use) + " " + why));
    }
  }

  /** What a use stands for, or null when it is none of ours and stays as written. */
  private @Nullable Outcome outcome(Matcher use) {
    String scheme = requireNonNull(use.group(1));
    String rest = requireNonNull(use.group(2));
    boolean closed = "}".equals(use.group(3));
    if (!SCHEMES.contains(scheme)) {
      boolean misspelt = Nearest.of(scheme, SCHEMES) != null;
      return misspelt ? new Outcome.Missing("is no substitution" + EXPECTED) : null;
    }
    if (!closed || rest.isBlank()) {
      return new Outcome.Missing("is incomplete" + EXPECTED);
    }
    return scheme.equals("file")
        ? lookUp(new Substitution(Substitution.Source.FILE, rest))
        : variable(rest);
  }

  private Outcome variable(String rest) {
    int separator = rest.indexOf(":-");
    if (separator < 0) {
      return lookUp(new Substitution(Substitution.Source.ENV, rest));
    }
    Outcome outcome =
        lookUp(new Substitution(Substitution.Source.ENV, rest.substring(0, separator)));
    // As in a shell, ":-" also stands in for a variable that is set but empty.
    return outcome instanceof Outcome.Found found && !found.value().isEmpty()
        ? outcome
        : new Outcome.Found(rest.substring(separator + 2));
  }
}
