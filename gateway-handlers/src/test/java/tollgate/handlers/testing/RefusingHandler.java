package tollgate.handlers.testing;

import io.netty.buffer.ByteBuf;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;

/** Refuses a body at its n-th byte: the 400 in mid-body that a threat check would give. */
public final class RefusingHandler implements Handler {
  private final long atByte;
  private final boolean inResponse;

  /**
   * @param atByte 1 for the first
   */
  private RefusingHandler(long atByte, boolean inResponse) {
    this.atByte = atByte;
    this.inResponse = inResponse;
  }

  public static RefusingHandler ofRequests(long atByte) {
    return new RefusingHandler(atByte, false);
  }

  public static RefusingHandler ofResponses(long atByte) {
    return new RefusingHandler(atByte, true);
  }

  @Override
  public String name() {
    return "refusing";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return inResponse ? BodyUse.Untouched.UNTOUCHED : new BodyUse.Chunks(new Filter());
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    return inResponse ? new BodyUse.Chunks(new Filter()) : BodyUse.Untouched.UNTOUCHED;
  }

  private final class Filter implements ChunkFilter {
    private long seen;

    @Override
    public Passed chunk(ByteBuf chunk) {
      seen += chunk.readableBytes();
      if (seen < atByte) {
        return new Passed.Pass(chunk);
      }
      chunk.release();
      return new Passed.Refuse(Fault.of(FaultCode.MALFORMED_BODY, "Refused in mid-body."));
    }
  }
}
