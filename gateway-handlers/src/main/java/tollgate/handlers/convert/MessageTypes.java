package tollgate.handlers.convert;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.typed.DocumentType;

/**
 * What is known of the messages of one operation. Immutable; any thread.
 *
 * @param request null if nothing is known
 * @param responses by {@code 200}, {@code 2XX} or {@code default}
 * @param isAsked whether the configuration names the schemas for conversion, and not only for
 *     something else
 */
record MessageTypes(
    @Nullable DocumentType request, Map<String, DocumentType> responses, boolean isAsked) {
  static final MessageTypes NONE = new MessageTypes(null, Map.of(), false);

  /** For every status. */
  static final String DEFAULT = "default";

  MessageTypes {
    responses = Map.copyOf(responses);
  }

  /** What is known of answers with that status; null if nothing is. */
  @Nullable DocumentType response(int status) {
    if (responses.isEmpty()) {
      return null;
    }
    DocumentType exact = responses.get(Integer.toString(status));
    if (exact != null) {
      return exact;
    }
    DocumentType range = responses.get(status / 100 + "XX");
    return range != null ? range : responses.get(DEFAULT);
  }

  /** Whether JSON becomes XML as the schema says, and not XML that carries the kinds of JSON. */
  boolean shapesXml(DocumentType type) {
    return isAsked || type.saysXml();
  }
}
