package tollgate.core.handler;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaType;
import tollgate.core.message.Payload;

/**
 * A message of one direction whose body was built, shared by the handlers that ask for it one after
 * the other. What they leave in it is written once, behind the last of them; a message that nobody
 * changed goes on with the bytes it came with. Event loop only.
 */
public final class Message {
  private @Nullable MediaType type;
  private @Nullable Payload payload;
  private final int bytes;
  private boolean isChanged;

  /**
   * @param type null only without a payload
   * @param payload null for a message without a body
   * @param bytes of the body it was built from
   */
  public Message(@Nullable MediaType type, @Nullable Payload payload, int bytes) {
    this.type = type;
    this.payload = payload;
    this.bytes = bytes;
  }

  /** How long the body was that it was built from: a measure of the work that it takes. */
  public int bytes() {
    return bytes;
  }

  /** What it says its body is; null where it has none and says nothing. */
  public @Nullable MediaType type() {
    return type;
  }

  /** Null where there is no body: empty in is empty out. */
  public @Nullable Payload payload() {
    return payload;
  }

  /**
   * Puts another payload in its place; Content-Type says {@code newType} then.
   *
   * @param newType one that a format is known for
   */
  public void replace(Payload newPayload, MediaType newType) {
    payload = requireNonNull(newPayload, "newPayload");
    type = requireNonNull(newType, "newType");
    isChanged = true;
  }

  /** Takes the body away, and what its head says of it. */
  public void drop() {
    payload = null;
    type = null;
    isChanged = true;
  }

  public boolean isChanged() {
    return isChanged;
  }
}
