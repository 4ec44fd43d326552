package tollgate.core.message.json;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.PathExpression.Segment;
import tollgate.core.message.json.PathExpression.Selector;
import tollgate.core.message.json.Rewriting.Change;

/**
 * Edits that give a new document; what they do not name stays to the letter, without blanks. One
 * that has nothing to do gives the very document it got. Any thread.
 *
 * <p>All of them throw a {@link MalformedPayloadException} if their path takes too many steps, or
 * if a value put in many places would make a document of more than 64 MiB.
 */
public final class JsonEditor {
  private JsonEditor() {}

  /**
   * Puts a value in the place of all that the path selects. A path of names and indexes that
   * selects nothing adds it, with the objects and arrays on its way; an index that is the length of
   * an array adds to that. What stands in the way as a scalar is left.
   */
  public static JsonDocument set(JsonDocument json, JsonPath path, JsonDocument value) {
    int[] nodes = path.select(json);
    if (nodes.length == 0) {
      return path.isSingular() ? add(json, path.query().segments(), value) : json;
    }
    checkSize(json, nodes.length, value);
    Rewriting rewriting = new Rewriting(json);
    for (int node : nodes) {
      rewriting.change(node, new Change.Replace(value));
    }
    return rewriting.run();
  }

  /** Removes all that the path selects; {@code null} is left of a document that was removed. */
  public static JsonDocument remove(JsonDocument json, JsonPath path) {
    int[] nodes = path.select(json);
    if (nodes.length == 0) {
      return json;
    }
    Rewriting rewriting = new Rewriting(json);
    for (int node : nodes) {
      rewriting.change(node, Change.Remove.REMOVE);
    }
    return rewriting.run();
  }

  /**
   * Gives members that the path selects another name, in their place. What had that name in the
   * same object goes, and of several that would have it the first stays. Elements of arrays are
   * left.
   */
  public static JsonDocument rename(JsonDocument json, JsonPath path, String name) {
    BitSet members = new BitSet();
    for (int node : path.select(json)) {
      if (json.isMember(node)) {
        members.set(node);
      }
    }
    Rewriting rewriting = new Rewriting(json);
    if (!members.isEmpty()) {
      rename(json, members, name, rewriting);
    }
    return rewriting.isEmpty() ? json : rewriting.run();
  }

  /**
   * Takes a value away and {@link #set}s it elsewhere: both paths of names and indexes, the second
   * as it reads once the value is gone. If there is no place for it, nothing changes.
   *
   * @throws IllegalArgumentException if one of the paths can select several values
   */
  public static JsonDocument move(JsonDocument json, JsonPath from, JsonPath to) {
    if (!from.isSingular() || !to.isSingular()) {
      throw new IllegalArgumentException("expected paths of names and indexes alone");
    }
    int node = from.first(json);
    if (node == JsonDocument.NONE) {
      return json;
    }
    JsonDocument without = remove(json, from);
    JsonDocument moved = set(without, to, json.part(node));
    return isSame(moved, without) ? json : moved;
  }

  /**
   * Applies a JSON Merge Patch (RFC 7396) to all that the path selects, but not again inside of
   * what it was applied to; like {@link #set}, it adds what a path of names and indexes does not
   * find.
   */
  public static JsonDocument merge(JsonDocument json, JsonPath path, JsonDocument patch) {
    int[] nodes = path.select(json);
    if (nodes.length == 0) {
      return set(json, path, MergePatch.apply(json, JsonDocument.NONE, patch));
    }
    checkSize(json, nodes.length, patch);
    Arrays.sort(nodes);
    Rewriting rewriting = new Rewriting(json);
    int covered = 0;
    for (int node : nodes) {
      if (node >= covered) { // what stands in one that was merged is the patch's affair
        covered = json.behind(node);
        rewriting.change(node, new Change.Replace(MergePatch.apply(json, node, patch)));
      }
    }
    return rewriting.run();
  }

  private static void checkSize(JsonDocument json, int places, JsonDocument value) {
    if (json.length() + (long) places * value.length() > PayloadLimits.DEFAULT.bytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "JSON: an edit would make more than 64 MiB of it");
    }
  }

  private static JsonDocument add(JsonDocument json, List<Segment> segments, JsonDocument value) {
    int node = JsonDocument.ROOT;
    int depth = 0;
    while (true) {
      int child = child(json, node, segments.get(depth).selectors().getFirst());
      if (child == JsonDocument.NONE) {
        break;
      }
      node = child;
      depth++;
    }
    JsonDocument added = wrapped(segments.subList(depth + 1, segments.size()), value);
    Rewriting rewriting = new Rewriting(json);
    Selector last = segments.get(depth).selectors().getFirst();
    if (added == null) {
      return json;
    }
    if (last instanceof Selector.Name name && json.kind(node) == JsonKind.OBJECT) {
      rewriting.append(node, new Change.AppendMember(name.name().toString(), added));
    } else if (last instanceof Selector.Index index
        && json.kind(node) == JsonKind.ARRAY
        && index.index() == json.size(node)) {
      rewriting.append(node, new Change.AppendElement(added));
    }
    return rewriting.isEmpty() ? json : rewriting.run();
  }

  private static int child(JsonDocument json, int node, Selector selector) {
    return switch (selector) {
      case Selector.Name name -> json.member(node, name.name());
      case Selector.Index index ->
          json.element(node, index.index() < 0 ? index.index() + json.size(node) : index.index());
      case Selector.Slice _, Selector.Wildcard _, Selector.Filter _ -> JsonDocument.NONE;
    };
  }

  /** The value in new objects and arrays; null if an index other than 0 is asked of a new array. */
  private static @Nullable JsonDocument wrapped(List<Segment> segments, JsonDocument value) {
    JsonComposer composer = new JsonComposer(value.length() + 16);
    for (Segment segment : segments) {
      Selector selector = segment.selectors().getFirst();
      if (selector instanceof Selector.Name name) {
        composer.beginObject().name(name.name().toString());
      } else if (selector instanceof Selector.Index index && index.index() == 0) {
        composer.beginArray();
      } else {
        return null;
      }
    }
    composer.copy(value, JsonDocument.ROOT);
    for (int i = 0; i < segments.size(); i++) {
      composer.end();
    }
    return composer.finish();
  }

  /** Goes over the tape with the objects around each node. */
  private static void rename(JsonDocument json, BitSet members, String name, Rewriting rewriting) {
    int[] tape = json.tape();
    int[] open = new int[16];
    int depth = 0;
    for (int i = 0; i < json.tapeEnd(); ) {
      int kind = Tape.kind(tape[i]);
      if (kind == Tape.END) {
        depth--;
        i++;
        continue;
      }
      if (members.get(i)) {
        renameIn(json, open[depth - 1], members, name, rewriting);
      }
      if (kind <= Tape.ARRAY) {
        if (depth == open.length) {
          open = Arrays.copyOf(open, depth * 2);
        }
        open[depth++] = i;
      }
      i += 2;
    }
  }

  /** All members of one object at once; those done are taken from the set. */
  private static void renameIn(
      JsonDocument json, int object, BitSet members, String name, Rewriting rewriting) {
    JsonName wanted = JsonName.of(name);
    boolean isTaken = false;
    for (int at = json.firstChild(object); at != JsonDocument.NONE; at = json.next(at)) {
      boolean isNamedSo = json.isNamed(at, wanted);
      if (members.get(at)) {
        members.clear(at);
        if (isTaken) {
          rewriting.change(at, Change.Remove.REMOVE);
        } else if (!isNamedSo) {
          rewriting.change(at, new Change.Rename(name));
        }
        isTaken = true;
      } else if (isNamedSo) {
        rewriting.change(at, Change.Remove.REMOVE);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the very same: nothing was set
  private static boolean isSame(JsonDocument one, JsonDocument other) {
    return one == other;
  }
}
