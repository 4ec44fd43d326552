package tollgate.core.message;

import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlDocument;

/**
 * JSON as XML and XML as JSON. Any thread. {@code docs/messages.md} shows each shape by example.
 */
public final class JsonXml {
  /** XML is many times as long as JSON like {@code [1,1,1]}: where that ends. */
  static final int MAX_XML_BYTES = PayloadLimits.DEFAULT.bytes();

  private JsonXml() {}

  /** How one looks as the other. */
  public enum Shape {
    /**
     * JSON to XML and back gives the same JSON to the letter, blanks aside: the XML carries kinds,
     * lexemes and names that are none of XML. XML that does not come from JSON is read by what
     * stands in it: attributes as {@code @name}, text beside them as {@code $}, repeated elements
     * as an array.
     */
    EXACT,

    /** What WSO2's gateway makes of it, with its losses. */
    WSO2,

    /** The BadgerFish convention: XML to JSON and back keeps all but order among names. */
    BADGERFISH
  }

  /**
   * The XML of a JSON document.
   *
   * @throws MalformedPayloadException MALFORMED if this shape cannot say it, never for {@link
   *     Shape#EXACT}; TOO_COMPLEX if it would have more than 64 MiB
   */
  public static XmlDocument toXml(JsonDocument json, Shape shape) {
    if (shape == Shape.EXACT) {
      return new ExactXml(json).write();
    }
    try {
      return new RepeatedXml(json, shape).write();
    } catch (IllegalArgumentException e) { // what XML has not: names come from the JSON
      throw new MalformedPayloadException(Kind.MALFORMED, "JSON to XML: " + e.getMessage());
    }
  }

  /** To be called now and then while XML is made. */
  static void requireRoom(XmlBuilder xml) {
    if (xml.size() > MAX_XML_BYTES) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "JSON to XML: more than " + MAX_XML_BYTES + " bytes");
    }
  }

  /** Whether XML carries the kinds of JSON, as {@link Shape#EXACT} makes it. */
  public static boolean isMarked(XmlDocument xml) {
    return ExactJson.isMarked(xml);
  }

  /**
   * The JSON of an XML document, without a name twice in an object.
   *
   * @throws MalformedPayloadException if this shape cannot say it
   */
  public static JsonDocument toJson(XmlDocument xml, Shape shape) {
    return toJson(xml, shape, DuplicateNames.REFUSE);
  }

  /**
   * The JSON of an XML document.
   *
   * @throws MalformedPayloadException if this shape cannot say it
   */
  public static JsonDocument toJson(XmlDocument xml, Shape shape, DuplicateNames duplicates) {
    return shape == Shape.EXACT && ExactJson.isMarked(xml)
        ? new ExactJson(xml, duplicates).read()
        : GroupedJson.read(xml, shape, duplicates);
  }
}
