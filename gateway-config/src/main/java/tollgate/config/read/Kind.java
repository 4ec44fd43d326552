package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;

/**
 * A kind of document. Immutable.
 *
 * @param name the value of {@code kind}
 * @param identity the keys whose values, joined by colons, no two documents of the kind share
 */
public record Kind<T>(String name, Shape<T> shape, List<String> identity) {
  public Kind {
    requireNonNull(name, "name");
    requireNonNull(shape, "shape");
    identity = List.copyOf(identity);
  }

  /** All kinds, Gateway first. */
  public static List<Kind<?>> all(Vocabulary vocabulary) {
    return List.of(
        new Kind<>("Gateway", GatewayShapes.GATEWAY, List.of()),
        new Kind<>("Upstream", UpstreamShapes.UPSTREAM, List.of("name")),
        new Kind<>("Api", ApiShapes.api(vocabulary.formats()), List.of("name", "version")),
        new Kind<>("Policy", PolicyShapes.policy(vocabulary.steps()), List.of("name")));
  }

  /**
   * The identity a document claims, whether it is otherwise good or not; null when a part of it is
   * missing.
   */
  @Nullable String identityOf(MapNode document) {
    StringBuilder joined = new StringBuilder();
    for (String key : identity) {
      ConfigNode value = document.value(key);
      if (!(value instanceof ScalarNode scalar) || scalar.isBroken() || scalar.isNull()) {
        return null;
      }
      joined.append(joined.isEmpty() ? "" : ":").append(scalar.text());
    }
    return joined.isEmpty() ? null : joined.toString();
  }
}
