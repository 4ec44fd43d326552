package tollgate.core.message.json;

/** What a value is. */
public enum JsonKind {
  OBJECT,
  ARRAY,
  STRING,
  NUMBER,
  TRUE,
  FALSE,
  NULL;

  /** Whether it is true or false. */
  public boolean isBoolean() {
    return this == TRUE || this == FALSE;
  }

  /** Whether it holds others. */
  public boolean isContainer() {
    return this == OBJECT || this == ARRAY;
  }
}
