package tollgate.config.openapi;

import static java.util.Objects.requireNonNull;

import tollgate.config.text.ConfigNode;

/**
 * A schema inside a document. Immutable.
 *
 * @param iri that of the file and, behind a hash, a JSON Pointer in it
 */
public record SchemaPlace(String iri, ConfigNode node) {
  public SchemaPlace {
    requireNonNull(iri, "iri");
    requireNonNull(node, "node");
  }
}
