package tollgate.config.text;

/** A value in a configuration file, with its place. Immutable. */
public sealed interface ConfigNode permits ScalarNode, ListNode, MapNode {
  Location location();
}
