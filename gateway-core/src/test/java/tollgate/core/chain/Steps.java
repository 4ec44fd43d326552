package tollgate.core.chain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Ending;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Body;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;

/** Handlers for tests: one that records, and what it may be told to do. */
final class Steps implements Handler {
  private final String name;
  private final List<String> log;
  Function<Exchange, Verdict> onRequest = _ -> Verdict.Proceed.PROCEED;
  Function<Exchange, Verdict> onResponse = _ -> Verdict.Proceed.PROCEED;
  Function<Body, Verdict> onRequestBody = _ -> Verdict.Proceed.PROCEED;
  Function<Body, Verdict> onResponseBody = _ -> Verdict.Proceed.PROCEED;
  Function<Exchange, BodyUse> requestBody = _ -> BodyUse.Untouched.UNTOUCHED;
  Function<Exchange, BodyUse> responseBody = _ -> BodyUse.Untouched.UNTOUCHED;
  @Nullable Ending ending;

  Steps(String name, List<String> log) {
    this.name = name;
    this.log = log;
  }

  Steps(String name) {
    this(name, new ArrayList<>());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return requestBody.apply(exchange);
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    return responseBody.apply(exchange);
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    log.add(name + ">");
    return onRequest.apply(exchange);
  }

  @Override
  public Verdict onRequestBody(Exchange exchange, Body body) {
    log.add(name + ">body:" + body.bytes().toString(UTF_8));
    return onRequestBody.apply(body);
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    log.add(name + "<" + exchange.responseOrigin());
    return onResponse.apply(exchange);
  }

  @Override
  public Verdict onResponseBody(Exchange exchange, Body body) {
    log.add(name + "<body:" + body.bytes().toString(UTF_8));
    return onResponseBody.apply(body);
  }

  @Override
  public void onEnd(Exchange exchange, Ending ending) {
    log.add(name + ".");
    if (this.ending != null) {
      throw new AssertionError(name + " ended twice");
    }
    this.ending = ending;
  }

  /** Lets bytes pass in upper case and refuses at the byte after {@code refuseAfter}. */
  static final class UpperCase implements ChunkFilter {
    private final long refuseAfter;
    private long seen;
    boolean isClosed;

    UpperCase(long refuseAfter) {
      this.refuseAfter = refuseAfter;
    }

    @Override
    public Passed chunk(ByteBuf chunk) {
      seen += chunk.readableBytes();
      if (seen > refuseAfter) {
        chunk.release();
        return new Passed.Refuse(Fault.of(FaultCode.MALFORMED_BODY, "refused"));
      }
      ByteBuf changed = chunk.alloc().buffer(chunk.readableBytes());
      while (chunk.isReadable()) {
        changed.writeByte(Character.toUpperCase(chunk.readByte()));
      }
      chunk.release();
      return new Passed.Pass(changed);
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
