package tollgate.core.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Side;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * Lets the messages of one direction of a call pass as they are, up to one that is longer than
 * allowed or is none. Event loop only.
 */
public final class MessageFilter implements ChunkFilter {
  private final MessageScanner scanner;
  private final FaultCode tooLarge;
  private final FaultCode broken;
  private final String who;
  private boolean isBetweenMessages = true;

  private MessageFilter(long maxBytes, FaultCode tooLarge, FaultCode broken, String who) {
    this.scanner = new MessageScanner(maxBytes);
    this.tooLarge = tooLarge;
    this.broken = broken;
    this.who = who;
  }

  /** For what the caller sends. */
  public static MessageFilter ofRequest(long maxBytes) {
    return new MessageFilter(
        maxBytes, FaultCode.BODY_TOO_LARGE, FaultCode.MALFORMED_BODY, "The caller");
  }

  /** For what the backend sends. */
  public static MessageFilter ofResponse(long maxBytes) {
    return new MessageFilter(
        maxBytes, FaultCode.UPSTREAM_BODY_TOO_LARGE, FaultCode.UPSTREAM_PROTOCOL, "The backend");
  }

  @Override
  public Passed chunk(@Owned ByteBuf chunk) {
    Fault refusal =
        switch (scanner.scan(chunk)) {
          case GOOD -> null;
          case TOO_LARGE ->
              Fault.of(tooLarge, who + " sent a message that is larger than allowed here.");
          case BAD_FLAG -> Fault.of(broken, who + " sent something that is no gRPC message.");
        };
    if (refusal != null) {
      chunk.release();
      return new Passed.Refuse(refusal);
    }
    isBetweenMessages = scanner.isBetweenMessages();
    return new Passed.Pass(chunk);
  }

  @Override
  public Passed end(Trailers trailers) {
    return isBetweenMessages
        ? new Passed.Pass(Unpooled.EMPTY_BUFFER)
        : new Passed.Refuse(Fault.of(broken, who + " ended in the middle of a message."));
  }

  @Override
  public int heldBackBytes(Side side) {
    return 0;
  }

  /** Whether what has passed are whole messages. */
  public boolean isBetweenMessages() {
    return isBetweenMessages;
  }
}
