package tollgate.core.message.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON Merge Patch (RFC 7396): linear in target and patch, without recursion. One thread, once. */
final class MergePatch {
  private final JsonDocument target;
  private final JsonDocument patch;
  private final JsonComposer to;
  private final Deque<Frame> open = new ArrayDeque<>();

  private MergePatch(JsonDocument target, JsonDocument patch) {
    this.target = target;
    this.patch = patch;
    this.to = new JsonComposer(target.length() + patch.length());
  }

  /**
   * A value of the target as the patch would have it.
   *
   * @param node NONE for nothing
   */
  static JsonDocument apply(JsonDocument target, int node, JsonDocument patch) {
    MergePatch merge = new MergePatch(target, patch);
    merge.enter(node, JsonDocument.ROOT);
    while (!merge.open.isEmpty()) {
      if (!merge.step(merge.open.getLast())) {
        merge.to.end();
        merge.open.removeLast();
      }
    }
    return merge.to.finish();
  }

  private void enter(int node, int by) {
    if (patch.kind(by) != JsonKind.OBJECT) {
      to.copy(patch, by);
      return;
    }
    boolean isObject = node != JsonDocument.NONE && target.kind(node) == JsonKind.OBJECT;
    Map<String, Integer> changes = new HashMap<>();
    for (int at = patch.firstChild(by); at != JsonDocument.NONE; at = patch.next(at)) {
      changes.putIfAbsent(patch.name(at), at);
    }
    to.beginObject();
    open.addLast(
        new Frame(
            isObject ? target.firstChild(node) : JsonDocument.NONE, patch.firstChild(by), changes));
  }

  /** Adds the next member; false if there is none. */
  private boolean step(Frame frame) {
    int member = frame.member;
    if (member != JsonDocument.NONE) {
      frame.member = target.next(member);
      stepMember(frame, member);
      return true;
    }
    int change = frame.change;
    if (change == JsonDocument.NONE) {
      return false;
    }
    frame.change = patch.next(change);
    if (patch.kind(change) != JsonKind.NULL && frame.done.add(patch.name(change))) {
      to.nameOf(patch, change);
      enter(JsonDocument.NONE, change);
    }
    return true;
  }

  private void stepMember(Frame frame, int member) {
    String name = target.name(member);
    @Nullable Integer change = frame.changes.get(name);
    if (change == null) {
      to.nameOf(target, member).copy(target, member);
      return;
    }
    frame.done.add(name);
    if (patch.kind(change) != JsonKind.NULL) {
      to.nameOf(target, member);
      enter(member, change);
    }
  }

  /** An object that is still open. */
  private static final class Frame {
    private final Map<String, Integer> changes;
    private final Set<String> done = new HashSet<>();
    private int member;
    private int change;

    Frame(int member, int change, Map<String, Integer> changes) {
      this.member = member;
      this.change = change;
      this.changes = changes;
    }
  }
}
