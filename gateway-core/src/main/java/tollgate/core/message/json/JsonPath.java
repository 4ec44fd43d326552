package tollgate.core.message.json;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;

/**
 * A JSONPath (RFC 9535), compiled. Immutable; any thread.
 *
 * <p>Evaluation neither recurses into the document nor backtracks in patterns, and takes a bounded
 * number of steps.
 */
public final class JsonPath {
  private static final int FREE_STEPS = 10_000;
  private static final int STEPS_PER_NODE = 32;

  private final String text;
  private final PathExpression.Query query;

  private JsonPath(String text, PathExpression.Query query) {
    this.text = text;
    this.query = query;
  }

  /**
   * Compiles an expression.
   *
   * @throws JsonPathException if it is none, with the place
   */
  public static JsonPath compile(String text) {
    return new JsonPath(requireNonNull(text, "text"), new PathCompiler(text).compile());
  }

  /**
   * The nodes it selects, in the order of RFC 9535, a node as often as it is selected.
   *
   * @throws MalformedPayloadException TOO_COMPLEX if that takes more steps than 32 for each value
   *     of the document, and 10,000
   */
  public int[] select(JsonDocument json) {
    return select(json, FREE_STEPS + (long) STEPS_PER_NODE * json.tapeEnd());
  }

  /**
   * The nodes it selects.
   *
   * @param maxSteps nodes and characters that may be looked at
   * @throws MalformedPayloadException TOO_COMPLEX if more were needed
   */
  public int[] select(JsonDocument json, long maxSteps) {
    return new PathEvaluation(json, maxSteps).select(query).toArray();
  }

  /** The first node it selects; NONE if there is none. */
  public int first(JsonDocument json) {
    int[] nodes = select(json);
    return nodes.length == 0 ? JsonDocument.NONE : nodes[0];
  }

  /** Whether it can select one node at most: names and indexes alone. */
  public boolean isSingular() {
    return query.isSingular();
  }

  PathExpression.Query query() {
    return query;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonPath path && path.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
