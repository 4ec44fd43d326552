package tollgate.config.model;

/**
 * A whole share of a hundred. Immutable.
 *
 * @param value 0 to 100
 */
public record Percent(int value) {
  public Percent {
    if (value < 0 || value > 100) {
      throw new IllegalArgumentException(value + "% is out of range (expected: 0% to 100%)");
    }
  }

  /**
   * Reads {@code 50%}.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static Percent parse(String text) {
    if (!text.matches("\\d{1,3}%")) {
      throw new IllegalArgumentException("is not a percentage (expected e.g. 50%)");
    }
    int value = Integer.parseInt(text.substring(0, text.length() - 1));
    if (value > 100) {
      throw new IllegalArgumentException("is out of range (expected: 0% to 100%)");
    }
    return new Percent(value);
  }

  @Override
  public String toString() {
    return value + "%";
  }
}
