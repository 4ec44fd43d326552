package tollgate.handlers.validate;

/**
 * Says that a value could not be compared with its schema within the bounds of such work: it counts
 * as a violation, whatever the schema would have made of either outcome. Without a stack; any
 * thread.
 *
 * <p>An error and no exception: it passes through the library of JSON Schema, which writes every
 * exception of a pattern to the log as an error of ours.
 */
final class UndecidedError extends Error {
  private static final long serialVersionUID = 1L;

  UndecidedError() {
    super("has a text that is too long or too hard for its pattern", null, false, false);
  }
}
