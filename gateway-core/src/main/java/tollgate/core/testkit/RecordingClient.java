package tollgate.core.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;

/** The client's half as a record of what it was sent. One thread. */
public final class RecordingClient implements ClientStream {
  private final List<ResponseHead> informational = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable ResponseHead head;
  private boolean closeAfter;
  private boolean isEnded;
  private boolean isAborted;
  private boolean isReading;
  private boolean isWritable = true;
  private boolean isResting;
  private int flushes;
  private Trailers trailers = Trailers.NONE;
  private boolean isTelling;

  RecordingClient() {}

  @Override
  public void readBody(boolean wanted) {
    isReading = wanted;
  }

  @Override
  public void sendInformational(ResponseHead head) {
    informational.add(head);
  }

  @Override
  public void sendHead(ResponseHead head, boolean closeAfter) {
    if (this.head != null) {
      throw new AssertionError("second head: " + head.status());
    }
    this.head = head;
    this.closeAfter = closeAfter;
  }

  @Override
  public void sendBody(ByteBuf chunk) {
    byte[] bytes = new byte[chunk.readableBytes()];
    chunk.readBytes(bytes);
    chunk.release();
    body.writeBytes(bytes);
  }

  @Override
  public void sendEnd(Trailers trailers) {
    if (isEnded) {
      throw new AssertionError("second end");
    }
    isEnded = true;
    this.trailers = trailers;
  }

  @Override
  public void flush() {
    flushes++;
  }

  @Override
  public boolean isWritable() {
    return isWritable;
  }

  @Override
  public void abort() {
    isAborted = true;
  }

  @Override
  public void rest() {
    isResting = true;
  }

  /** Whether the connection is to be left alone for a moment. */
  public boolean isResting() {
    return isResting;
  }

  /** 0 if no head was sent. */
  public int status() {
    ResponseHead sent = head;
    return sent == null ? 0 : sent.status();
  }

  public ResponseHead head() {
    ResponseHead sent = head;
    if (sent == null) {
      throw new AssertionError("no head was sent");
    }
    return sent;
  }

  public List<ResponseHead> informational() {
    return List.copyOf(informational);
  }

  public String body() {
    return body.toString(UTF_8);
  }

  public byte[] bodyBytes() {
    return body.toByteArray();
  }

  public boolean isEnded() {
    return isEnded;
  }

  /** What the response ended with. */
  public Trailers trailers() {
    return trailers;
  }

  public boolean isAborted() {
    return isAborted;
  }

  public boolean isReading() {
    return isReading;
  }

  public boolean isClosedAfter() {
    return closeAfter;
  }

  public int flushes() {
    return flushes;
  }

  @Override
  public boolean isTelling() {
    return isTelling;
  }

  /** What the exchange does now it does while it is told of a burst of input. */
  public void telling(boolean telling) {
    isTelling = telling;
  }

  void writable(boolean writable) {
    isWritable = writable;
  }
}
