package tollgate.handlers.grpcweb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import tollgate.core.grpc.WebTrailers;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * The body of a gRPC answer on its way to a caller of gRPC-Web: messages as they come, then one
 * frame with the trailers. Event loop only.
 */
final class WebAnswer implements ChunkFilter {
  private final boolean isText;
  private final Trailers ofHead;
  private final ByteBufAllocator allocator;

  /**
   * @param isText whether the body is base64
   * @param ofHead what stood in the head and belongs to the trailers
   */
  WebAnswer(boolean isText, Trailers ofHead, ByteBufAllocator allocator) {
    this.isText = isText;
    this.ofHead = ofHead;
    this.allocator = allocator;
  }

  @Override
  public Passed chunk(@Owned ByteBuf chunk) {
    // Padded for itself: a message does not wait for the next to fill its last group.
    return new Passed.Pass(isText ? TextEncoder.takeEncoded(chunk, allocator) : chunk);
  }

  @Override
  public Passed end(Trailers trailers) {
    List<Trailers.Line> lines = new ArrayList<>(ofHead.lines());
    lines.addAll(trailers.lines());
    ByteBuf frame = Unpooled.wrappedBuffer(WebTrailers.frame(new Trailers(lines)));
    return new Passed.Pass(isText ? TextEncoder.takeEncoded(frame, allocator) : frame);
  }

  @Override
  public Trailers trailers(Trailers trailers) {
    return Trailers.NONE;
  }
}
