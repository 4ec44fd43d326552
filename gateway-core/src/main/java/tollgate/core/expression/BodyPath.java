package tollgate.core.expression;

import java.util.Map;
import tollgate.core.message.json.JsonPath;
import tollgate.core.message.json.JsonPathException;
import tollgate.core.message.xml.XmlPath;
import tollgate.core.message.xml.XmlPathException;

/** A place in a body: JSONPath if it begins with a dollar sign, else XPath. Immutable. */
public sealed interface BodyPath {
  /** In a body that is JSON, or a form, lines of JSON or text, which have that face. */
  record Json(JsonPath path) implements BodyPath {}

  /** In a body that is XML. */
  record Xml(String text, XmlPath path) implements BodyPath {}

  /** Which kind of body it reads. */
  default Face face() {
    return this instanceof Json ? Face.JSON : Face.XML;
  }

  /**
   * Compiles a path.
   *
   * @param namespaces what the prefixes of an XPath stand for
   * @throws IllegalArgumentException if it is none; the message goes on from the text
   */
  static BodyPath compile(String text, Map<String, String> namespaces) {
    try {
      return text.startsWith("$")
          ? new Json(JsonPath.compile(text))
          : new Xml(text, XmlPath.compile(text, namespaces));
    } catch (JsonPathException e) {
      throw new IllegalArgumentException("is no JSONPath: " + e.getMessage(), e);
    } catch (XmlPathException e) {
      throw new IllegalArgumentException("is no XPath: " + e.getMessage(), e);
    }
  }
}
