package tollgate.core.expression;

import tollgate.core.http.FieldName;

/** What an expression asks for. Immutable. */
public sealed interface Source {
  /**
   * A header field; several lines are joined by commas.
   *
   * @param ofRequest of the request, wherever the step stands; else of the message it changes
   */
  record Header(FieldName name, boolean ofRequest) implements Source {}

  /** The first parameter of that name in the query, decoded. */
  record Query(String name) implements Source {}

  /** A parameter of the operation's path, decoded. */
  record PathParameter(String name) implements Source {}

  /** A fact of the exchange. */
  enum Fact implements Source {
    METHOD("method"),
    PATH("path"),
    CLIENT_ADDRESS("clientAddress"),
    REQUEST_ID("requestId"),
    STATUS("status");

    private final String word;

    Fact(String word) {
      this.word = word;
    }

    /** As it is written. */
    public String word() {
      return word;
    }
  }

  /**
   * A place in the body, or in what a loop goes over.
   *
   * @param of {@link Scope#BODY}, or the variable of the loop
   */
  record Body(String of, BodyPath path) implements Source {}
}
