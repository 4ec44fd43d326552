package tollgate.config.text;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A list of values. Immutable. */
public record ListNode(Location location, List<ConfigNode> items) implements ConfigNode {
  public ListNode {
    requireNonNull(location, "location");
    items = List.copyOf(items);
  }
}
