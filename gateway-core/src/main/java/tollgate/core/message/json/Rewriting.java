package tollgate.core.message.json;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A document copied with some of its values changed; one pass over the tape. One thread, once. */
final class Rewriting {
  private final JsonDocument json;
  private final Map<Integer, Change> changes = new HashMap<>();

  /** Where {@link #changes} has something. */
  private final BitSet isChanged = new BitSet();

  Rewriting(JsonDocument json) {
    this.json = json;
  }

  /** What becomes of a value with its name, or, at the END of a container, what is added to it. */
  sealed interface Change {
    enum Remove implements Change {
      REMOVE
    }

    record Replace(JsonDocument value) implements Change {}

    record Rename(String name) implements Change {}

    record AppendMember(String name, JsonDocument value) implements Change {}

    record AppendElement(JsonDocument value) implements Change {}
  }

  void change(int node, Change change) {
    changes.put(node, change);
    isChanged.set(node);
  }

  /** Adds to an array or object behind what it has; once for each. */
  void append(int container, Change change) {
    change(json.behind(container) - 1, change);
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  /** The changed document; {@code null} as JSON has it where all was removed. */
  JsonDocument run() {
    int[] tape = json.tape();
    JsonComposer to = new JsonComposer(json.length() + 64);
    for (int i = 0; i < json.tapeEnd(); ) {
      int head = tape[i];
      int node = Tape.isName(head) ? i + Tape.SCALAR_INTS : i;
      Change change = isChanged.get(node) ? changes.get(node) : null;
      if (change == Change.Remove.REMOVE) {
        i = json.behind(node);
      } else if (change instanceof Change.Replace replace) {
        if (node > i) {
          to.nameOf(json, node);
        }
        to.copy(replace.value(), JsonDocument.ROOT);
        i = json.behind(node);
      } else if (node > i) {
        if (change instanceof Change.Rename rename) {
          to.name(rename.name());
        } else {
          to.nameOf(json, node);
        }
        i = step(to, node);
      } else {
        append(to, change);
        i = step(to, i);
      }
    }
    return to.isComplete() ? to.finish() : to.nullValue().finish();
  }

  private static void append(JsonComposer to, @Nullable Change change) {
    if (change instanceof Change.AppendMember member) {
      to.name(member.name()).copy(member.value(), JsonDocument.ROOT);
    } else if (change instanceof Change.AppendElement element) {
      to.copy(element.value(), JsonDocument.ROOT);
    }
  }

  /** Copies a scalar, or one bracket of a container; gives the index behind it. */
  private int step(JsonComposer to, int index) {
    switch (Tape.kind(json.tape()[index])) {
      case Tape.OBJECT -> to.beginObject();
      case Tape.ARRAY -> to.beginArray();
      case Tape.END -> {
        to.end();
        return index + 1;
      }
      default -> to.copy(json, index);
    }
    return index + 2;
  }
}
