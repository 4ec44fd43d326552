package tollgate.core.message;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.xml.XmlDocument;

/** What a message says, built. Immutable. */
public final class Payload {
  private final @Nullable JsonDocument json;
  private final @Nullable XmlDocument xml;

  private Payload(@Nullable JsonDocument json, @Nullable XmlDocument xml) {
    this.json = json;
    this.xml = xml;
  }

  public static Payload of(JsonDocument json) {
    return new Payload(requireNonNull(json, "json"), null);
  }

  public static Payload of(XmlDocument xml) {
    return new Payload(null, requireNonNull(xml, "xml"));
  }

  /** Whether it came as JSON. */
  public boolean isJson() {
    return json != null;
  }

  /** Whether it came as XML. */
  public boolean isXml() {
    return xml != null;
  }

  /** Its JSON face. */
  public JsonDocument json() {
    return requireNonNull(json, "json");
  }

  /** Its XML face. */
  public XmlDocument xml() {
    return requireNonNull(xml, "xml");
  }
}
