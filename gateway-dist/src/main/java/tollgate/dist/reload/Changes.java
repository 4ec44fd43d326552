package tollgate.dist.reload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfiguration;

/** What two configurations differ in: objects as {@code Kind/name}, sorted. Immutable. */
public record Changes(List<String> added, List<String> changed, List<String> removed) {
  public Changes {
    added = List.copyOf(added);
    changed = List.copyOf(changed);
    removed = List.copyOf(removed);
  }

  /**
   * All objects of a configuration with their content hashes: {@code Kind/name} to hash, sorted.
   */
  public static Map<String, String> objects(GatewayConfiguration configuration) {
    Map<String, String> objects = new TreeMap<>();
    put(objects, "Gateway", configuration.gateway().value().name(), configuration.gateway());
    configuration
        .upstreams()
        .forEach(upstream -> put(objects, "Upstream", upstream.value().name(), upstream));
    configuration
        .policies()
        .forEach(policy -> put(objects, "Policy", policy.value().name(), policy));
    configuration
        .apis()
        .forEach(api -> put(objects, "Api", api.value().name() + ":" + api.value().version(), api));
    return objects;
  }

  private static void put(
      Map<String, String> objects, String kind, String name, Declared<?> declared) {
    objects.put(kind + "/" + name, declared.contentHash());
  }

  /** From {@code before} to {@code after}, both as {@link #objects} gives them. */
  public static Changes between(Map<String, String> before, Map<String, String> after) {
    List<String> added = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    new TreeMap<>(after)
        .forEach((name, hash) -> {
          String old = before.get(name);
          if (old == null) {
            added.add(name);
          } else if (!old.equals(hash)) {
            changed.add(name);
          }
        });
    new TreeMap<>(before)
        .keySet().stream().filter(name -> !after.containsKey(name)).forEach(removed::add);
    return new Changes(added, changed, removed);
  }

  public boolean isEmpty() {
    return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
  }

  /** {@code 1 added, 2 changed, 0 removed}. */
  @Override
  public String toString() {
    return added.size() + " added, " + changed.size() + " changed, " + removed.size() + " removed";
  }
}
