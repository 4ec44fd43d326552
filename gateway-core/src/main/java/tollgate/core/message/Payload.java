package tollgate.core.message;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.JsonXml.Shape;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.xml.XmlDocument;

/**
 * What a message says, built: as it came, and as JSON and as XML once somebody asks. Immutable; any
 * thread, where two that ask at once may both make the other face.
 */
public final class Payload {
  private final Object origin;
  private final Shape shape;
  private volatile @Nullable JsonDocument json;
  private volatile @Nullable XmlDocument xml;

  private Payload(
      Object content, Shape shape, @Nullable JsonDocument json, @Nullable XmlDocument xml) {
    this.origin = requireNonNull(content, "content");
    this.shape = requireNonNull(shape, "shape");
    this.json = json;
    this.xml = xml;
  }

  public static Payload of(JsonDocument json) {
    return new Payload(json, Shape.EXACT, json, null);
  }

  public static Payload of(XmlDocument xml) {
    return new Payload(xml, Shape.EXACT, null, xml);
  }

  public static Payload of(PayloadContent content) {
    return new Payload(content, Shape.EXACT, null, null);
  }

  /** This payload with its other face in that shape. */
  public Payload in(Shape other) {
    if (other == shape) {
      return this;
    }
    return new Payload(origin, other, isXml() ? null : json, isXml() ? (XmlDocument) origin : null);
  }

  /** How one face is made of the other. */
  public Shape shape() {
    return shape;
  }

  /** Whether JSON is what it is, and not only one of its faces. */
  public boolean isJson() {
    return origin instanceof JsonDocument;
  }

  /** Whether XML is what it is, and not only one of its faces. */
  public boolean isXml() {
    return origin instanceof XmlDocument;
  }

  /** What it is of itself, if it is of that class; else null. */
  public <T> @Nullable T content(Class<T> type) {
    return type.isInstance(origin) ? type.cast(origin) : null;
  }

  /**
   * Its JSON face.
   *
   * @throws MalformedPayloadException if it cannot be said as JSON in this shape
   */
  public JsonDocument json() {
    JsonDocument made = json;
    if (made == null) {
      made =
          switch (origin) {
            case XmlDocument document -> JsonXml.toJson(document, shape);
            case PayloadContent content -> content.json();
            default -> throw new IllegalStateException("no face");
          };
      json = made;
    }
    return made;
  }

  /**
   * Its XML face.
   *
   * @throws MalformedPayloadException if it cannot be said as XML in this shape
   */
  public XmlDocument xml() {
    XmlDocument made = xml;
    if (made == null) {
      made =
          origin instanceof PayloadContent content
              ? content.xml(shape)
              : JsonXml.toXml(json(), shape);
      xml = made;
    }
    return made;
  }
}
