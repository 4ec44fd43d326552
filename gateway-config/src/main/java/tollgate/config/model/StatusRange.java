package tollgate.config.model;

/**
 * HTTP statuses from one to another. Immutable.
 *
 * @param first 200 to 599
 * @param last the same or more, to 599
 */
public record StatusRange(int first, int last) {
  public static final String PATTERN = "[2-5][0-9]{2}(?:-[2-5][0-9]{2})?";

  public StatusRange {
    if (first < 200 || last > 599 || first > last) {
      throw new IllegalArgumentException(
          "is no range of statuses (expected: within 200-599, the lower first)");
    }
  }

  /**
   * Reads {@code 200} or {@code 200-299}.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static StatusRange parse(String text) {
    if (!text.matches(PATTERN)) {
      throw new IllegalArgumentException("is no status (expected e.g. 200-299)");
    }
    int dash = text.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
    return new StatusRange(first, dash < 0 ? first : Integer.parseInt(text.substring(dash + 1)));
  }

  public boolean contains(int status) {
    return status >= first && status <= last;
  }

  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
