package tollgate.transport.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.fault.Fault;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.RequestEvents;

/** Answers every request with {@code hello}, or when it is told to. */
final class Answering implements ExchangeStarter {
  final List<ClientConnection> connections = new CopyOnWriteArrayList<>();
  final List<Held> held = new CopyOnWriteArrayList<>();
  final AtomicInteger abandoned = new AtomicInteger();
  volatile boolean isHolding;

  /** A request that was not answered yet. */
  record Held(ClientStream stream, Loop loop) {
    void answer() {
      loop.execute(() -> Answering.answer(stream));
    }
  }

  @Override
  public RequestEvents begin(
      ReceivedRequest request,
      @Nullable Fault malformed,
      ClientConnection connection,
      ClientStream stream,
      Loop loop) {
    connections.add(connection);
    if (isHolding) {
      held.add(new Held(stream, loop));
    } else {
      answer(stream);
    }
    return new Deaf();
  }

  private static void answer(ClientStream stream) {
    ResponseHead head = ResponseHead.of(200);
    head.bodyLength(5);
    stream.sendHead(head, false);
    stream.sendBody(Unpooled.copiedBuffer("hello", ISO_8859_1));
    stream.sendEnd(Trailers.NONE);
  }

  private final class Deaf implements RequestEvents {
    @Override
    public void onBody(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onBodyEnd(Trailers trailers) {}

    @Override
    public void onBodyFailed(Fault fault) {}

    @Override
    public void onClientGone() {
      abandoned.incrementAndGet();
    }

    @Override
    public void onClientWritable() {}

    @Override
    public void onReadComplete() {}

    @Override
    public boolean isEnded() {
      return false;
    }
  }
}
