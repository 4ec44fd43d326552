package tollgate.handlers.structurallimits;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.coding.ContentDecoder;
import tollgate.core.coding.DecodeLimits;
import tollgate.core.coding.Decoding;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Side;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;
import tollgate.core.message.scan.Finding;
import tollgate.core.message.scan.PayloadScanner;

/**
 * One body on its way past a scanner, decoded for it where it is coded; what passes is what came.
 * Holds nothing but what the decoder holds, and that until it is closed. Event loop only.
 */
final class ScanFilter implements ChunkFilter {
  /** Coding may make a small body larger than it was: by no more than this. */
  private static final long CODING_BYTES = 64 * 1024;

  private final PayloadScanner scanner;
  private final Side side;
  private final int heldBackBytes;
  private final long maxBytes;
  private final @Nullable ContentDecoder decoder;
  private long received;

  /**
   * @param codings empty for a body as it is
   * @param maxBytes when decoded
   */
  ScanFilter(
      PayloadScanner scanner,
      Side side,
      int heldBackBytes,
      List<Decoding> codings,
      long maxBytes,
      ByteBufAllocator allocator) {
    this.scanner = scanner;
    this.side = side;
    this.heldBackBytes = heldBackBytes;
    this.maxBytes = maxBytes;
    this.decoder =
        codings.isEmpty()
            ? null
            : ContentDecoder.create(codings, DecodeLimits.of(maxBytes), scanner::scan, allocator);
  }

  @Override
  public Passed chunk(@Owned ByteBuf chunk) {
    ContentDecoder coded = decoder;
    boolean isGood = false;
    boolean isPassed = false;
    try {
      isGood = coded == null ? scanner.scan(chunk) : isEncodedGood(coded, chunk);
      isPassed = true;
    } finally {
      if (!isPassed || !isGood) {
        chunk.release();
      }
    }
    return isGood ? new Passed.Pass(chunk) : new Passed.Refuse(refusal());
  }

  private boolean isEncodedGood(ContentDecoder coded, ByteBuf chunk) {
    received += chunk.readableBytes();
    return received - CODING_BYTES <= maxBytes && coded.decode(chunk);
  }

  @Override
  public Passed end(Trailers trailers) {
    ContentDecoder coded = decoder;
    boolean isGood = coded == null || coded.end();
    if (isGood && scanner.offset() > 0) { // empty in is empty out
      isGood = scanner.end();
    }
    return isGood ? new Passed.Pass(Unpooled.EMPTY_BUFFER) : new Passed.Refuse(refusal());
  }

  @Override
  public int heldBackBytes(Side ofBody) {
    return heldBackBytes;
  }

  @Override
  public boolean isTransparent() {
    return true;
  }

  @Override
  public void close() {
    ContentDecoder coded = decoder;
    if (coded != null) {
      coded.close();
    }
  }

  private Fault refusal() {
    Finding finding = scanner.finding();
    return finding == null ? codingFault() : fault(finding);
  }

  private Fault codingFault() {
    ContentDecoder coded = requireNonNull(decoder);
    ContentDecoder.Failure failure = coded.failure();
    if (failure == ContentDecoder.Failure.MALFORMED) {
      return fault(
          FaultCode.MALFORMED_PAYLOAD,
          "The payload is not of its content coding: " + coded.reason() + ".");
    }
    String reason = failure == null ? "more than " + maxBytes + " bytes" : coded.reason();
    return fault(FaultCode.PAYLOAD_TOO_LARGE, "The payload is too large: " + reason + ".");
  }

  private Fault fault(Finding finding) {
    return switch (finding.kind()) {
      case MALFORMED ->
          fault(
              FaultCode.MALFORMED_PAYLOAD,
              "The payload is not well-formed. " + finding.text() + ".");
      case UNSUPPORTED ->
          fault(
              FaultCode.UNSUPPORTED_CHARSET,
              "The payload is in an encoding that is not accepted here. " + finding.text() + ".");
      case SIZE ->
          fault(FaultCode.PAYLOAD_TOO_LARGE, "The payload is too large: " + finding.text() + ".");
      default ->
          fault(
              FaultCode.PAYLOAD_THREAT,
              "The payload is beyond the limits here. " + finding.text() + ".");
    };
  }

  private Fault fault(FaultCode ofRequest, String detail) {
    return fault(side, ofRequest, detail);
  }

  /** What a payload that is refused is for the client: its own fault, or the backend's. */
  static Fault fault(Side side, FaultCode ofRequest, String detail) {
    return side == Side.REQUEST
        ? Fault.of(ofRequest, detail)
        : Fault.of(
            FaultCode.UPSTREAM_PAYLOAD,
            "The backend's answer cannot be passed on.",
            ofRequest.title() + ": " + detail);
  }
}
