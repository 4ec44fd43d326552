package tollgate.handlers.validate;

/**
 * Says that a value could not be compared with its schema within the bounds of such work: it counts
 * as a violation, whatever the schema would have made of either outcome. Without a stack; any
 * thread.
 */
final class UndecidedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UndecidedException() {
    super("has a text that is too long or too hard for its pattern", null, false, false);
  }
}
