package tollgate.core.http;

import java.util.List;

/**
 * The fields after a body (RFC 9110 section 6.5), already rid of names that must not stand there.
 * Immutable.
 */
public record Trailers(List<Line> lines) {
  public static final Trailers NONE = new Trailers(List.of());

  /** One field line. */
  public record Line(String name, String value) {}

  public Trailers {
    lines = List.copyOf(lines);
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }
}
