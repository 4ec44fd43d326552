package tollgate.core.message;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.json.JsonDocument;

/** What a message says, built. Immutable. */
public final class Payload {
  private final @Nullable JsonDocument json;

  private Payload(@Nullable JsonDocument json) {
    this.json = json;
  }

  public static Payload of(JsonDocument json) {
    return new Payload(requireNonNull(json, "json"));
  }

  /** Whether it came as JSON. */
  public boolean isJson() {
    return json != null;
  }

  /** Its JSON face. */
  public JsonDocument json() {
    return requireNonNull(json, "json");
  }
}
