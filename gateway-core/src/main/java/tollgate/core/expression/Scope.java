package tollgate.core.expression;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.Payload;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.xml.XmlDocument;

/**
 * What expressions see of one message: the facts that were taken of its exchange, its body, and the
 * variables of loops. One thread at a time, and not that of the exchange alone.
 */
public final class Scope {
  /** The name of the body beside those of variables. */
  public static final String BODY = "body";

  /** In which everything is missing. */
  public static final Scope EMPTY = new Scope(Map.of(), null);

  private final Map<Source, String> facts;
  private final @Nullable XmlDocument xml;
  private final Map<String, JsonDocument> jsons = new HashMap<>(4);
  private final Map<String, Integer> nodes = new HashMap<>(4);

  Scope(Map<Source, String> facts, @Nullable Payload body) {
    this.facts = facts;
    this.xml = body != null && body.isXml() ? body.xml() : null;
    if (xml != null) {
      nodes.put(BODY, XmlDocument.DOCUMENT);
    } else if (body != null && body.isJson()) {
      jsons.put(BODY, body.json());
    }
  }

  @Nullable String fact(Source source) {
    return facts.get(source);
  }

  /** The body or a variable, if it is JSON. */
  public @Nullable JsonDocument json(String name) {
    return jsons.get(name);
  }

  /** The body, if it is XML. */
  public @Nullable XmlDocument xml() {
    return xml;
  }

  /** Where in the body a variable stands; {@link XmlDocument#NONE} for none. */
  public int node(String name) {
    Integer node = nodes.get(name);
    return node == null ? XmlDocument.NONE : node;
  }

  /** Gives a variable a value; null takes it away. */
  public void json(String name, @Nullable JsonDocument value) {
    if (value == null) {
      jsons.remove(name);
    } else {
      jsons.put(name, value);
    }
  }

  /** Gives a variable a place in the body; {@link XmlDocument#NONE} takes it away. */
  public void node(String name, int node) {
    if (node == XmlDocument.NONE) {
      nodes.remove(name);
    } else {
      nodes.put(name, node);
    }
  }
}
