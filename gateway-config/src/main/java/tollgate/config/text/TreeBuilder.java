package tollgate.config.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Builds the trees of one file from its parse events, without recursion. One thread, used once.
 *
 * <p>What can be skipped (an alias, a tag, a second key of the same name) is reported and building
 * goes on, so that one pass finds everything; only too deep nesting ends it.
 */
final class TreeBuilder {
  private final String file;
  private final Repeats repeats;
  private final List<TextProblem> problems;
  private final int maxDepth;
  private final List<ConfigNode> documents = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();

  TreeBuilder(String file, Repeats repeats, List<TextProblem> problems, int maxDepth) {
    this.file = file;
    this.repeats = repeats;
    this.problems = problems;
    this.maxDepth = maxDepth;
  }

  /** The documents that were complete when building ended. */
  List<ConfigNode> documents() {
    return documents;
  }

  /**
   * Returns false when it gave up before the end. Syntax errors come out as the library's
   * exceptions.
   */
  boolean build(Parser events) {
    while (events.hasNext() && problems.size() < YamlText.MAX_PROBLEMS) {
      Event event = events.next();
      switch (event.getEventId()) {
        case Alias -> alias((AliasEvent) event);
        case Scalar -> scalar((ScalarEvent) event);
        case SequenceStart, MappingStart -> {
          if (open.size() == maxDepth) {
            problem(place(event), "nested deeper than " + maxDepth + " levels");
            return false;
          }
          start((CollectionStartEvent) event);
        }
        case SequenceEnd, MappingEnd -> add(open.pop().close());
        case Comment, DocumentEnd, DocumentStart, StreamEnd, StreamStart -> {}
      }
    }
    return problems.size() < YamlText.MAX_PROBLEMS;
  }

  private void alias(AliasEvent event) {
    Location place = place(event);
    problem(
        place,
        "alias *"
            + Quoted.escaped(event.getAlias().toString())
            + " is refused (write the value out)");
    add(ScalarNode.broken(place));
  }

  private void scalar(ScalarEvent event) {
    Location place = place(event);
    refuseDecoration(place, event.getAnchor(), event.getTag());
    var form = event.isPlain() ? ScalarNode.Form.PLAIN : ScalarNode.Form.QUOTED;
    String text = repeats.text(event.getValue());
    add(new ScalarNode(place, text, text, form));
  }

  private void start(CollectionStartEvent event) {
    Location place = place(event);
    refuseDecoration(place, event.getAnchor(), event.getTag());
    open.push(event instanceof MappingStartEvent ? new OpenMap(place) : new OpenList(place));
  }

  private void refuseDecoration(Location place, Optional<Anchor> anchor, Optional<String> tag) {
    anchor.ifPresent(a ->
        problem(
            place,
            "anchor &" + Quoted.escaped(a.toString()) + " is refused (aliases are not supported)"));
    tag.ifPresent(
        t -> problem(place, "tag " + Quoted.of(t) + " is refused (expected: a plain value)"));
  }

  private void add(ConfigNode node) {
    Open parent = open.peek();
    if (parent != null) {
      parent.add(node);
    } else if (!(node instanceof ScalarNode scalar && scalar.isNull())) {
      documents.add(node); // a document with nothing but comments is none
    }
  }

  private Location place(Event event) {
    return event.getStartMark().map(this::place).orElse(Location.ofFile(file));
  }

  private Location place(Mark mark) {
    return new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private void problem(Location place, String message) {
    problems.add(new TextProblem(place, path(), message));
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    open.descendingIterator().forEachRemaining(level -> level.describe(path));
    return path.toString();
  }

  /** A list or map whose end has not been seen. */
  private sealed interface Open {
    void add(ConfigNode node);

    ConfigNode close();

    /** Appends the step from this level to the child being read. */
    void describe(StringBuilder path);
  }

  private static final class OpenList implements Open {
    private final Location location;
    private final List<ConfigNode> items = new ArrayList<>();

    OpenList(Location location) {
      this.location = location;
    }

    @Override
    public void add(ConfigNode node) {
      items.add(node);
    }

    @Override
    public ConfigNode close() {
      return new ListNode(location, items);
    }

    @Override
    public void describe(StringBuilder path) {
      path.append('[').append(items.size()).append(']');
    }
  }

  private final class OpenMap implements Open {
    private final Location location;
    private final List<MapNode.Entry> entries = new ArrayList<>();
    private final Map<String, Location> seen = new HashMap<>();
    private @Nullable ConfigNode key;

    OpenMap(Location location) {
      this.location = location;
    }

    @Override
    public void add(ConfigNode node) {
      if (key == null) {
        key = node;
        return;
      }
      if (key instanceof ScalarNode scalar && !scalar.isBroken()) {
        put(scalar, node);
      } else if (!(key instanceof ScalarNode)) {
        problem(key.location(), "a list or map as a key is refused (expected: a plain key)");
      }
      key = null;
    }

    private void put(ScalarNode name, ConfigNode value) {
      Location first = seen.putIfAbsent(name.text(), name.location());
      if (first == null) {
        entries.add(new MapNode.Entry(name.text(), name.location(), value));
      } else {
        problem(name.location(), "duplicate key (first at " + first + ")");
      }
    }

    @Override
    public ConfigNode close() {
      return new MapNode(location, entries);
    }

    @Override
    public void describe(StringBuilder path) {
      if (key instanceof ScalarNode scalar) {
        path.append(path.isEmpty() ? "" : ".").append(Quoted.escaped(scalar.text()));
      }
    }
  }
}
