package tollgate.core.handler;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.http.FieldName;

/** An answer made by the gateway. Immutable; may be shared by any number of exchanges. */
public final class LocalReply {
  private static final byte[] NOTHING = {};

  private final int status;
  private final List<Line> lines;
  private final byte[] body;
  private final @Nullable Fault fault;

  /** One field line. */
  public record Line(FieldName name, String value) {}

  private LocalReply(int status, List<Line> lines, byte[] body, @Nullable Fault fault) {
    this.status = status;
    this.lines = lines;
    this.body = body;
    this.fault = fault;
  }

  /** Without a body. */
  public static LocalReply of(int status) {
    return new LocalReply(status, List.of(), NOTHING, null);
  }

  /**
   * @param body taken over; not to be changed afterwards
   */
  public static LocalReply of(int status, String contentType, byte[] body) {
    requireNonNull(body, "body");
    return new LocalReply(
        status, List.of(new Line(FieldName.CONTENT_TYPE, contentType)), body, null);
  }

  /** Refuses with the code's status; rendered for the caller when it is sent. */
  public static LocalReply of(Fault fault) {
    return new LocalReply(fault.code().status(), List.of(), NOTHING, fault);
  }

  /**
   * Refuses in words of its own, for callers that {@link tollgate.core.fault.FaultFormat} cannot
   * know.
   *
   * @param body taken over; not to be changed afterwards
   */
  public static LocalReply of(Fault fault, int status, String contentType, byte[] body) {
    requireNonNull(fault, "fault");
    return new LocalReply(
        status, List.of(new Line(FieldName.CONTENT_TYPE, contentType)), body, fault);
  }

  /** The same with one more field line. */
  public LocalReply with(FieldName name, String value) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(name, value));
    return new LocalReply(status, List.copyOf(more), body, fault);
  }

  public int status() {
    return status;
  }

  public List<Line> lines() {
    return lines;
  }

  public int bodyLength() {
    return body.length;
  }

  /** A view of the body with indices of its own; nothing to release. */
  public ByteBuf body() {
    return Unpooled.wrappedBuffer(body);
  }

  /** What it refuses; null if it is no refusal. */
  public @Nullable Fault fault() {
    return fault;
  }
}
