package tollgate.core.handler;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.http.FieldName;

/**
 * An answer made by the gateway. Immutable; may be shared by any number of exchanges.
 *
 * @param body bytes, not changed afterwards; empty for none
 * @param fault what it refuses, rendered for the caller in place of {@code body}; null if it is no
 *     refusal
 */
public record LocalReply(int status, List<Line> lines, byte[] body, @Nullable Fault fault) {
  private static final byte[] NOTHING = {};

  /** One field line. */
  public record Line(FieldName name, String value) {}

  public LocalReply {
    lines = List.copyOf(lines);
    requireNonNull(body, "body");
  }

  /** Without a body. */
  public static LocalReply of(int status) {
    return new LocalReply(status, List.of(), NOTHING, null);
  }

  public static LocalReply of(int status, String contentType, byte[] body) {
    return new LocalReply(
        status, List.of(new Line(FieldName.CONTENT_TYPE, contentType)), body, null);
  }

  /** Refuses with the code's status. */
  public static LocalReply of(Fault fault) {
    return new LocalReply(fault.code().status(), List.of(), NOTHING, fault);
  }

  /** The same with one more field line. */
  public LocalReply with(FieldName name, String value) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(name, value));
    return new LocalReply(status, more, body, fault);
  }
}
