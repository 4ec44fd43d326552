package tollgate.transport.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.loop.EventLoops;

/** Names through a pool: one name, changing addresses, a name server that fails. */
final class NameResolverTest {
  private final EventLoops loops = EventLoops.create(2, Ticker.SYSTEM);
  private final NameServer server = NameServer.start();
  private final NameResolver names = NameResolver.create(loops, List.of(server.address()));
  private final Origin origin = Origin.start();
  private final Target target = Target.of(0, "http", "orders.test", origin.port(), 1);
  private final List<AutoCloseable> opened = new ArrayList<>();

  NameResolverTest() throws IOException {}

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
    origin.close();
    names.close();
    server.close();
    loops.close();
  }

  @Test
  void asksOnceForManyAndOnlyWhenSomebodyConnects() throws Exception {
    server.say("orders.test", "127.0.0.1");
    PooledConnector connector = connector();
    assertThat(server.questions).hasValue(0);
    var calls = new ArrayList<Call>();
    for (int i = 0; i < 20; i++) {
      calls.add(Call.get(connector, loops.loop(i % 2), target));
    }
    for (Call call : calls) {
      call.body();
    }
    assertThat(server.questions).hasValue(1);
  }

  @Test
  void anUnknownNameIsAFailureToConnect() throws Exception {
    assertThat(Call.get(connector(), loops.loop(0), target).failure().kind())
        .isEqualTo(Kind.CONNECT);
  }

  @Test
  void aSilentNameServerIsWaitedForNoLongerThanForAConnection() throws Exception {
    server.isSilent = true;
    var failure =
        Call.get(
                connector(),
                loops.loop(0),
                target,
                new AttemptTimeouts(MILLISECONDS.toNanos(80), SECONDS.toNanos(20), 0))
            .failure();
    assertThat(failure.kind()).isEqualTo(Kind.CONNECT_TIMEOUT);
    assertThat(failure.cause()).isEqualTo("waiting for a name server");
  }

  @Test
  void usesAddressesInTurn() throws Exception {
    Origin second = originBeside();
    server.say("orders.test", "127.0.0.1", "127.0.0.2");
    PooledConnector connector = connector();
    for (int i = 0; i < 6; i++) {
      Call.connect(connector, loops.loop(0), target).connected.get(20, SECONDS);
    }
    await().until(() -> origin.opened.get() == 3 && second.opened.get() == 3);
  }

  @Test
  void triesTheNextAddressWhenOneRefuses() throws Exception {
    server.say("orders.test", "127.0.0.3", "127.0.0.4", "127.0.0.1");
    PooledConnector connector = connector();
    for (int i = 0; i < 3; i++) {
      Call.connect(connector, loops.loop(0), target).connected.get(20, SECONDS);
    }
    await().until(() -> origin.opened.get() == 3);
  }

  @Test
  void asksAgainAndLeavesConnectionsToAddressesThatVanished() throws Exception {
    Origin second = originBeside();
    server.ttlSeconds = 0; // counts as a second
    server.say("orders.test", "127.0.0.1");
    PooledConnector connector = connector();
    assertThat(Call.get(connector, loops.loop(0), target).body()).isEqualTo("1");
    server.say("orders.test", "127.0.0.2");
    await()
        .until(() -> {
          Call.get(connector, loops.loop(0), target).body();
          return second.requests.get() > 0;
        });
    await().until(() -> origin.openNow() == 0);
  }

  @Test
  void keepsTheLastGoodAddressesWhileTheNameServerFails() throws Exception {
    server.ttlSeconds = 1;
    server.say("orders.test", "127.0.0.1");
    PooledConnector connector = connector();
    Call.get(connector, loops.loop(0), target).body();
    server.isBroken = true;
    await()
        .until(() -> {
          Call.get(connector, loops.loop(0), target).body();
          return server.questions.get() > 1;
        });
    origin.hangUp();
    await().until(() -> connector.snapshot().idle() == 0);
    assertThat(Call.get(connector, loops.loop(0), target).body()).isNotEmpty();
  }

  @Test
  void findsNamesOfTheHostsFile() throws Exception {
    Target local = Target.of(0, "http", "localhost", origin.port(), 1);
    NameResolver system = NameResolver.create(loops);
    opened.add(system);
    PooledConnector connector = connector(local, system);
    assertThat(Call.get(connector, loops.loop(0), local).body()).isEqualTo("1");
  }

  /** Another origin on the same port of another loopback address. */
  private Origin originBeside() throws IOException {
    Origin beside =
        Origin.start(new ServerSocket(origin.port(), 50, InetAddress.getByName("127.0.0.2")));
    opened.add(beside);
    return beside;
  }

  private PooledConnector connector() {
    return connector(target, names);
  }

  private PooledConnector connector(Target to, NameResolver resolver) {
    var connector =
        PooledConnector.create(
            List.of(to),
            new PoolSettings(
                "orders",
                100,
                Duration.ofMinutes(5),
                100,
                null,
                null,
                null,
                PoolProtocol.HTTP1,
                100),
            loops,
            resolver);
    opened.add(connector);
    return connector;
  }
}
