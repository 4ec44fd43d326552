package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * {@code retry} of an upstream: when a request is sent once more. Immutable.
 *
 * @param attempts of one request, the first included; 1 is never again
 * @param on beside a reused connection that died
 * @param budget retries, of requests
 */
public record RetryConfig(int attempts, List<On> on, Percent budget) {
  public static final int DEFAULT_ATTEMPTS = 2;
  public static final int MAX_ATTEMPTS = 5;
  public static final Percent DEFAULT_BUDGET = new Percent(20);
  public static final RetryConfig DEFAULTS =
      new RetryConfig(DEFAULT_ATTEMPTS, List.of(), DEFAULT_BUDGET);

  /** A reason to try again. */
  public sealed interface On {
    /** As written in the configuration. */
    String word();

    /** Something that kept a response from coming. */
    enum Failure implements On {
      CONNECT_FAILURE("connect-failure"),
      RESET("reset"),
      TIMEOUT("timeout");

      private final String word;

      Failure(String word) {
        this.word = word;
      }

      @Override
      public String word() {
        return word;
      }
    }

    /**
     * A response of this status.
     *
     * @param status 429, or 500 to 599
     */
    record Status(int status) implements On {
      public static final String PATTERN = "429|5[0-9][0-9]";

      public Status {
        if (!Integer.toString(status).matches(PATTERN)) {
          throw new IllegalArgumentException("status: " + status + " (expected: 429, 500 to 599)");
        }
      }

      @Override
      public String word() {
        return Integer.toString(status);
      }
    }

    /**
     * Reads a word.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static On parse(String word) {
      for (Failure failure : Failure.values()) {
        if (failure.word.equals(word)) {
          return failure;
        }
      }
      if (word.matches(Status.PATTERN)) {
        return new Status(Integer.parseInt(word));
      }
      throw new IllegalArgumentException(
          "is not known (expected one of: connect-failure, reset, timeout, 429, 500 to 599)");
    }
  }

  public RetryConfig {
    if (attempts < 1 || attempts > MAX_ATTEMPTS) {
      throw new IllegalArgumentException(
          "attempts: " + attempts + " (expected: 1 to " + MAX_ATTEMPTS + ")");
    }
    on = List.copyOf(on);
    requireNonNull(budget, "budget");
  }
}
