package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * One line per exchange. Immutable.
 *
 * @param query whether the query string is logged with the path; it may hold personal data
 */
public record AccessLogConfig(Format format, Output output, boolean query) {
  public static final Format DEFAULT_FORMAT = Format.JSON;
  public static final Output DEFAULT_OUTPUT = Output.Stream.STDOUT;
  public static final boolean DEFAULT_QUERY = false;
  public static final AccessLogConfig DEFAULTS =
      new AccessLogConfig(DEFAULT_FORMAT, DEFAULT_OUTPUT, DEFAULT_QUERY);

  /** How a line is written. */
  public enum Format {
    JSON("json");

    private final String word;

    Format(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** Where the lines go. */
  public sealed interface Output {
    /** The standard output of the process. */
    enum Stream implements Output {
      STDOUT;

      @Override
      public String toString() {
        return "stdout";
      }
    }

    /** Nowhere. */
    enum Off implements Output {
      OFF;

      @Override
      public String toString() {
        return "off";
      }
    }

    /**
     * A file that is appended to.
     *
     * @param path already resolved against the root folder when it was read
     */
    record File(Path path) implements Output {
      public File {
        requireNonNull(path, "path");
      }

      @Override
      public String toString() {
        return path.toString();
      }
    }
  }

  public AccessLogConfig {
    requireNonNull(format, "format");
    requireNonNull(output, "output");
  }
}
