package tollgate.core.message;

import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.xml.XmlDocument;

/**
 * A payload that is neither JSON nor XML by nature, such as a multipart body, as its own builder
 * and formatter know it. Immutable.
 */
public interface PayloadContent {
  /** Its JSON face; asked for once. */
  JsonDocument json();

  /** Its XML face; asked for once. */
  default XmlDocument xml(JsonXml.Shape shape) {
    return JsonXml.toXml(json(), shape);
  }
}
