package tollgate.config.read;

/** Which list of a policy a step may stand in. */
public enum StepPlace {
  REQUEST("request"),
  RESPONSE("response");

  private final String word;

  StepPlace(String word) {
    this.word = word;
  }

  /** The key of the list. */
  public String word() {
    return word;
  }
}
