package tollgate.config.text;

import static java.util.Objects.requireNonNull;

/**
 * A place in a configuration file. Immutable.
 *
 * @param file the name as printed to the user
 * @param line 1-based; 0 means the file as a whole
 * @param column 1-based, counted in code points; 0 means the file as a whole
 */
public record Location(String file, int line, int column) implements Comparable<Location> {
  public Location {
    requireNonNull(file, "file");
    if (line < 0 || column < 0 || (line == 0) != (column == 0)) {
      throw new IllegalArgumentException(
          line + ":" + column + " is no place (expected: 1-based, or 0:0)");
    }
  }

  /** The file as a whole, for problems that have no line. */
  public static Location ofFile(String file) {
    return new Location(file, 0, 0);
  }

  @Override
  public int compareTo(Location other) {
    int byFile = file.compareTo(other.file);
    if (byFile != 0) {
      return byFile;
    }
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }

  /** {@code file:line:column}, or {@code file} for the file as a whole. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
