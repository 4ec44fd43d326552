package tollgate.transport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.NettyLoop;

/** The pool over real sockets. */
final class PooledConnectorTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final EventLoops loops = EventLoops.create(3, Ticker.SYSTEM);
  private final NameResolver names = NameResolver.create(loops);
  private final Origin origin = Origin.start();
  private final Target target = Target.of(0, "http", "127.0.0.1", origin.port(), 1);
  private final List<PooledConnector> connectors = new ArrayList<>();

  @AfterEach
  void stop() {
    connectors.forEach(PooledConnector::close);
    origin.close();
    names.close();
    loops.close();
  }

  @Test
  void reusesAKeptAliveConnectionAtOnce() throws Exception {
    PooledConnector connector = connector(10, LONG, 10);
    Call first = Call.get(connector, loop(0), target);
    assertThat(first.body()).isEqualTo("1");
    assertThat(first.isReused()).isFalse();

    Call second = Call.get(connector, loop(0), target);
    assertThat(second.body()).isEqualTo("1");
    assertThat(second.isReused()).isTrue();
    assertThat(second.wasSynchronous()).isTrue();
  }

  @Test
  void reusesTheConnectionUsedLast() throws Exception {
    PooledConnector connector = connector(10, LONG, 10);
    Call first = Call.connect(connector, loop(0), target);
    first.connected.get(20, TimeUnit.SECONDS);
    Call second = Call.connect(connector, loop(0), target);
    second.connected.get(20, TimeUnit.SECONDS);
    onLoop(0, first);
    first.body();
    onLoop(0, second);
    String last = second.body();

    assertThat(Call.get(connector, loop(0), target).body()).isEqualTo(last);
    assertThat(Call.get(connector, loop(0), target).body()).isEqualTo(last);
    assertThat(connector.snapshot().idle()).isEqualTo(2);
  }

  @Test
  void keepsToOneConnectionOverAllLoops() throws Exception {
    origin.expectAtMost(1);
    PooledConnector connector = connector(1, LONG, 1000);
    var calls = new ArrayList<Call>();
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < loops.count(); i++) {
        calls.add(Call.get(connector, loop(i), target));
      }
    }
    for (Call call : calls) {
      call.body();
    }
    assertThat(origin.mostOpen).hasValue(1);
    assertThat(origin.requests).hasValue(calls.size());
    assertThat(connector.snapshot().pending()).isZero();
  }

  @Test
  void anIdleConnectionIsGivenUpToALoopThatWaits() throws Exception {
    origin.expectAtMost(1);
    PooledConnector connector = connector(1, LONG, 10);
    assertThat(Call.get(connector, loop(0), target).body()).isEqualTo("1");
    assertThat(Call.get(connector, loop(2), target).body()).isEqualTo("2");
    assertThat(Call.get(connector, loop(1), target).body()).isEqualTo("3");
    assertThat(origin.mostOpen).hasValue(1);
  }

  @Test
  void noLoopStarvesWhileAnotherIsBusy() throws Exception {
    PooledConnector connector = connector(1, LONG, 1000);
    origin.hold();
    var busy = new ArrayList<Call>();
    for (int i = 0; i < 20; i++) {
      busy.add(Call.get(connector, loop(0), target));
    }
    await().until(() -> origin.requests.get() == 1);
    Call other = Call.get(connector, loop(1), target);
    await().until(() -> connector.snapshot().pending() == 20);
    // One answer at a time, so that the waiting of the other loop grows old.
    while (!other.isOver()) {
      int before = origin.requests.get();
      origin.allow(1);
      await().until(() -> other.isOver() || origin.requests.get() > before);
      busy.add(Call.get(connector, loop(0), target));
    }
    origin.allow(1000);
    other.body();
    for (Call call : busy) {
      call.body();
    }
  }

  @Test
  void tellsThatThePoolIsExhaustedWhenTheWaitIsOver() throws Exception {
    PooledConnector connector = connector(1, LONG, 10);
    Call.connect(connector, loop(0), target).connected.get(20, TimeUnit.SECONDS);
    Call waiting = Call.get(connector, loop(0), target, connectTimeout(60));
    Call elsewhere = Call.get(connector, loop(1), target, connectTimeout(60));
    assertThat(waiting.failure().kind()).isEqualTo(Kind.POOL_EXHAUSTED);
    assertThat(elsewhere.failure().kind()).isEqualTo(Kind.POOL_EXHAUSTED);
    assertThat(connector.snapshot().pending()).isZero();
  }

  @Test
  void refusesAtOnceWhenTooManyWait() throws Exception {
    PooledConnector connector = connector(1, LONG, 3); // one per loop
    Call.connect(connector, loop(0), target).connected.get(20, TimeUnit.SECONDS);
    Call waiting = Call.get(connector, loop(0), target);
    Call tooMany = Call.get(connector, loop(0), target);
    assertThat(tooMany.failure().kind()).isEqualTo(Kind.POOL_EXHAUSTED);
    assertThat(waiting.isOver()).isFalse();
  }

  @Test
  void aCancelledWaitIsToldNothingAndHoldsNothing() throws Exception {
    PooledConnector connector = connector(1, LONG, 10);
    Call holder = Call.connect(connector, loop(0), target);
    holder.connected.get(20, TimeUnit.SECONDS);
    Call cancelled = Call.get(connector, loop(1), target);
    cancelled.cancel(loop(1));
    Call next = Call.get(connector, loop(2), target);
    onLoop(0, holder);
    next.body();
    assertThat(cancelled.isOver()).isFalse();
  }

  @Test
  void tellsAConnectionThatIsRefused() throws Exception {
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // and never listens
      Target refused = Target.of(0, "http", "127.0.0.1", silent.getLocalPort(), 1);
      PooledConnector connector = connector(10, LONG, 10, refused);
      assertThat(Call.get(connector, loop(0), refused).failure().kind()).isEqualTo(Kind.CONNECT);
      assertThat(connector.snapshot().failed()).isEqualTo(1);
      assertThat(connector.snapshot().active()).isZero();
    }
  }

  @Test
  void givesUpOnAConnectionNobodyAccepts() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // The backlog is full when a connection is no longer completed: the kernel drops its SYN.
      var fillers = new ArrayList<Socket>();
      try {
        while (fillers.size() < 64 && fill(full, fillers)) {}
        Target stuck = Target.of(0, "http", "127.0.0.1", full.getLocalPort(), 1);
        PooledConnector connector = connector(10, LONG, 10, stuck);
        Call call = Call.get(connector, loop(0), stuck, connectTimeout(100));
        assertThat(call.failure().kind()).isEqualTo(Kind.CONNECT_TIMEOUT);
        assertThat(connector.snapshot().active()).isZero();
      } finally {
        for (Socket filler : fillers) {
          filler.close();
        }
      }
    }
  }

  @Test
  void doesNotReuseAConnectionTheBackendClosed() throws Exception {
    PooledConnector connector = connector(10, LONG, 10);
    Call.get(connector, loop(0), target).body();
    assertThat(connector.snapshot().idle()).isEqualTo(1);
    origin.hangUp();
    await().until(() -> connector.snapshot().idle() == 0);
    assertThat(Call.get(connector, loop(0), target).body()).isEqualTo("2");
  }

  @Test
  void closesAConnectionThatIsIdleForTooLong() throws Exception {
    PooledConnector connector = connector(10, Duration.ofMillis(40), 10);
    Call.get(connector, loop(0), target).body();
    await().until(() -> origin.openNow() == 0);
    assertThat(connector.snapshot().idle()).isZero();
  }

  @Test
  void closesAnIdleConnectionAsEarlyAsTheBackendSaid() throws Exception {
    origin.extraFields = "Keep-Alive: timeout=1\r\n";
    PooledConnector connector = connector(10, LONG, 10);
    Call.get(connector, loop(0), target).body();
    await().until(() -> origin.openNow() == 0);
  }

  @Test
  void closingLetsTheBusyFinish() throws Exception {
    PooledConnector connector = connector(10, LONG, 10);
    Call idle = Call.get(connector, loop(0), target);
    idle.body();
    Call busy = Call.connect(connector, loop(1), target);
    busy.connected.get(20, TimeUnit.SECONDS);
    connector.close();
    await().until(() -> origin.openNow() == 1);
    onLoop(1, busy);
    assertThat(busy.body()).isEqualTo("2");
    await().until(() -> origin.openNow() == 0);
    assertThat(Call.get(connector, loop(0), target).failure().kind()).isEqualTo(Kind.CONNECT);
  }

  @Test
  void makingOneOpensNothing() {
    Target unknown = Target.of(0, "http", "no-such-host.invalid", 80, 1);
    PooledConnector connector = connector(10, LONG, 10, unknown);
    assertThat(connector.snapshot().opened()).isZero();
    assertThat(connector.snapshot().active()).isZero();
  }

  @Test
  void countsWhatItOpensAndHowLongThatTook() throws Exception {
    PooledConnector connector = connector(10, LONG, 10);
    Call.get(connector, loop(0), target).body();
    PoolSnapshot snapshot = connector.snapshot();
    assertThat(snapshot.opened()).isEqualTo(1);
    assertThat(snapshot.connectNanosSum()).isPositive();
    assertThat(snapshot.connectCounts().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
    assertThat(snapshot.connectCounts()).hasSize(PoolSnapshot.connectBoundsSeconds().size() + 1);
  }

  private NettyLoop loop(int index) {
    return loops.loop(index);
  }

  private PooledConnector connector(int maxConnections, Duration maxIdle, int maxPending) {
    return connector(maxConnections, maxIdle, maxPending, target);
  }

  private PooledConnector connector(
      int maxConnections, Duration maxIdle, int maxPending, Target to) {
    var connector =
        PooledConnector.create(
            List.of(to),
            new PoolSettings(
                "orders",
                maxConnections,
                maxIdle,
                maxPending,
                null,
                null,
                null,
                PoolProtocol.HTTP1,
                100),
            loops,
            names);
    connectors.add(connector);
    return connector;
  }

  private void onLoop(int index, Call call) throws Exception {
    var stream = call.connected.get(20, TimeUnit.SECONDS);
    loop(index).execute(() -> call.send(stream));
  }

  private static AttemptTimeouts connectTimeout(long millis) {
    long other = TimeUnit.SECONDS.toNanos(20);
    return new AttemptTimeouts(TimeUnit.MILLISECONDS.toNanos(millis), other, other);
  }

  /** False when the kernel completes no further connection. */
  private static boolean fill(ServerSocket full, List<Socket> fillers) throws Exception {
    var filler = new Socket();
    fillers.add(filler);
    try {
      filler.connect(full.getLocalSocketAddress(), 200);
      return true;
    } catch (java.net.SocketTimeoutException _) {
      return false;
    }
  }
}
