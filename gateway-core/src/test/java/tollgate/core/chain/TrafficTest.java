package tollgate.core.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.core.fault.FaultStyle;
import tollgate.core.fault.Outcome;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.route.RouteTable;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.testkit.TestExchange;
import tollgate.core.upstream.Target;

class TrafficTest {
  private final Traffic traffic = new Traffic(1, 7);

  @Test
  void refusesWhatIsBeyondTheLimit() {
    traffic.limit(0, 2);
    begin("a", 2);

    TestExchange refused = exchange("a").start();

    assertThat(refused.client().status()).isEqualTo(503);
    assertThat(refused.client().head().fields().all(FieldName.RETRY_AFTER)).containsExactly("7");
    assertThat(refused.client().body()).contains("\"503103\"");
    assertThat(refused.client().isResting()).isTrue();
    assertThat(refused.upstream().calls()).isEmpty();
    assertThat(refused.record().outcome()).isEqualTo(Outcome.OVERLOADED);
    assertThat(refused.record().route().api()).isEqualTo("a");
    assertThat(traffic.running(0)).isEqualTo(2);
  }

  @Test
  void admitsAgainWhenOneHasEnded() {
    traffic.limit(0, 2);
    List<TestExchange> running = begin("a", 2);
    assertThat(exchange("a").start().client().status()).isEqualTo(503);

    running.getFirst().upstream().call().answer(200, "");

    assertThat(isAdmitted("a")).isTrue();
  }

  @Test
  void keepsTheShareOfOthersFreeOfAnApiThatFillsTheLoop() {
    begin("noisy", 10);
    traffic.limit(0, 10);

    assertThat(isAdmitted("noisy")).isFalse();
    for (int i = 0; i < 5; i++) {
      assertThat(isAdmitted("quiet")).isTrue();
    }
    assertThat(isAdmitted("quiet")).isFalse();
    assertThat(isAdmitted("third")).isTrue();
    assertThat(isAdmitted("noisy")).isFalse();
  }

  @Test
  void beginsNothingAtALimitOfZero() {
    traffic.limit(0, 0);

    assertThat(isAdmitted("a")).isFalse();
    assertThat(isAdmitted("b")).isFalse();
  }

  @Test
  void forgetsTheSharesWhenHalfOfTheLimitIsFree() {
    List<TestExchange> running = begin("a", 4);
    traffic.limit(0, 4);
    assertThat(isAdmitted("a")).isFalse();
    running.forEach(exchange -> exchange.upstream().call().answer(200, ""));
    traffic.limit(0, 4);

    begin("a", 4);
    assertThat(isAdmitted("a")).isFalse();
    assertThat(isAdmitted("b")).isTrue();
  }

  @Test
  void doesNotCountStreams() {
    traffic.limit(0, 1);
    TestExchange stream = exchange("a").stream(StreamKind.SSE).start();
    stream.upstream().call().head(200, BodyLength.UNKNOWN, "Content-Type", "text/event-stream");

    assertThat(traffic.running(0)).isZero();
    assertThat(streams()).containsExactly("a v1 SSE 1");
    assertThat(isAdmitted("a")).isTrue();

    stream.clientGoes();
    assertThat(streams()).isEmpty();
    assertThat(traffic.running(0)).isOne();
  }

  @Test
  void countsNoStreamThatTheBackendRefused() {
    TestExchange refused = exchange("a").stream(StreamKind.SSE).start();
    refused.upstream().call().fail(UpstreamFailure.Kind.CONNECT);

    assertThat(streams()).isEmpty();
    assertThat(traffic.running(0)).isZero();
  }

  @Test
  void endsWhatHasOutlivedItsGeneration() {
    TestExchange stream = exchange("a").stream(StreamKind.SSE).start();
    stream.upstream().call().head(200, BodyLength.UNKNOWN);
    TestExchange waiting = exchange("a").start();

    traffic.endThrough(0, 0);
    assertThat(stream.isEnded()).isFalse();
    traffic.endThrough(0, 1);

    assertThat(stream.client().isAborted()).isTrue();
    assertThat(stream.upstream().call().isAborted()).isTrue();
    assertThat(stream.record().outcome()).isEqualTo(Outcome.DRAINING);
    assertThat(waiting.client().status()).isEqualTo(503);
    assertThat(waiting.client().body()).contains("\"503104\"");
    assertThat(traffic.running(0)).isZero();
  }

  @Test
  void handsOverWhatTheNewerGenerationServes() {
    TestExchange kept = exchange("a").start();
    TestExchange left = exchange("b").start();
    InFlight newer = new InFlight(1);
    Recording telemetry = new Recording();
    Site next = newer(newer, telemetry);

    traffic.handOver(0, _ -> next, route -> route.api().equals("a"));

    assertThat(newer.sum()).isOne();
    traffic.endThrough(0, 1);
    assertThat(left.isEnded()).isTrue();
    assertThat(kept.isEnded()).isFalse();
    kept.upstream().call().answer(200, "");
    assertThat(kept.client().status()).isEqualTo(200);
    assertThat(telemetry.generations).containsExactly(1L);
    assertThat(newer.sum()).isZero();
  }

  private Site newer(InFlight inFlight, Telemetry telemetry) {
    return new Site(
        2,
        Chain.EMPTY,
        RouteTable.<CompiledRoute>builder().build(),
        Long.MAX_VALUE,
        telemetry,
        inFlight,
        traffic,
        FaultStyle.PROBLEM);
  }

  private List<String> streams() {
    List<String> lines = new ArrayList<>();
    traffic.streams(
        (api, version, kind, count) -> lines.add(api + " " + version + " " + kind + " " + count));
    return lines;
  }

  private List<TestExchange> begin(String api, int count) {
    List<TestExchange> begun = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TestExchange exchange = exchange(api).start();
      assertThat(exchange.isEnded()).isFalse();
      begun.add(exchange);
    }
    return begun;
  }

  private boolean isAdmitted(String api) {
    return !exchange(api).start().isEnded();
  }

  private TestExchange exchange(String api) {
    return TestExchange.get("/api/x").in(traffic).api(api);
  }

  /** Notes under which generation each exchange began. */
  private static final class Recording implements Telemetry {
    private final List<Long> generations = new ArrayList<>();

    @Override
    public void started(int loop, String listener) {}

    @Override
    public void ended(int loop, ExchangeRecord ended) {
      generations.add(ended.generation());
    }

    @Override
    public void attempted(int loop, String upstream, Target target, int status, Outcome outcome) {}

    @Override
    public void retried(int loop, String upstream, String reason) {}
  }
}
