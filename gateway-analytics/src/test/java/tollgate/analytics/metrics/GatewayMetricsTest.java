package tollgate.analytics.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.analytics.telemetry.Recorded.ORDERS;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tollgate.analytics.telemetry.Recorded;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.Outcome;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionProtocol;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.HandshakeResult;

final class GatewayMetricsTest {
  private static final String OPENMETRICS =
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
  private static final String ORDERS_OK =
      "tollgate_requests_total{listener=\"http\",api=\"orders\",api_version=\"1.0.0\","
          + "operation=\"getOrder\",method=\"GET\",code=\"200\",outcome=\"ok\"}";

  private final List<GatewayMetrics> made = new ArrayList<>();

  @AfterEach
  void close() {
    made.forEach(GatewayMetrics::close);
  }

  @Test
  void countsExchangesOfAllLoopsTogether() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.started(0, "http");
    metrics.started(1, "http");
    metrics.started(1, "http");
    metrics.ended(0, Recorded.exchange().build());
    metrics.ended(1, Recorded.exchange().build());

    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.value(ORDERS_OK)).isEqualTo("2");
    assertThat(scraped.value("tollgate_requests_in_flight{listener=\"http\"}")).isEqualTo("1");
    assertThat(
            scraped.value(
                "tollgate_response_body_bytes_total{api=\"orders\",api_version=\"1.0.0\"}"))
        .isEqualTo("4096");
    assertThat(
            scraped.value(
                "tollgate_request_body_bytes_total{api=\"orders\",api_version=\"1.0.0\"}"))
        .isEqualTo("22");
  }

  @Test
  void countsAttemptsAndRetriesPerUpstream() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.attempted(0, "orders-v1", Recorded.TARGET, 0, Outcome.UPSTREAM_RESET);
    metrics.retried(0, "orders-v1", "dead_on_reuse");
    metrics.attempted(1, "orders-v1", Recorded.TARGET, 200, Outcome.OK);

    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.series("tollgate_upstream_requests_total"))
        .containsExactlyInAnyOrder(
            "tollgate_upstream_requests_total"
                + "{upstream=\"orders-v1\",code=\"0\",outcome=\"upstream_reset\"}",
            "tollgate_upstream_requests_total"
                + "{upstream=\"orders-v1\",code=\"200\",outcome=\"ok\"}");
    assertThat(
            scraped.value(
                "tollgate_upstream_retries_total"
                    + "{upstream=\"orders-v1\",reason=\"dead_on_reuse\"}"))
        .isEqualTo("1");
  }

  @Test
  void countsConnectionsAndHandshakes() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.opened(0, "https", ConnectionProtocol.TLS);
    metrics.opened(1, "https", ConnectionProtocol.TLS);
    metrics.agreed(0, "https", ConnectionProtocol.TLS, ConnectionProtocol.HTTP1);
    metrics.handshake(0, "https", HandshakeResult.OK, "TLSv1.3");
    metrics.handshake(1, "https", HandshakeResult.UNRECOGNIZED_NAME, "none");
    metrics.closed(1, "https", ConnectionProtocol.TLS, CloseReason.HANDSHAKE);

    assertThat(Scraped.of(metrics).text())
        .contains("tollgate_connections{listener=\"https\",protocol=\"tls\"} 0\n")
        .contains("tollgate_connections{listener=\"https\",protocol=\"http1\"} 1\n")
        .contains(
            "tollgate_connections_total"
                + "{listener=\"https\",protocol=\"tls\",close_reason=\"handshake\"} 1\n")
        .contains("{listener=\"https\",result=\"ok\",version=\"TLSv1.3\"} 1\n")
        .contains("{listener=\"https\",result=\"unrecognized_name\",version=\"none\"} 1\n");
  }

  @Test
  void printsHistogramsWithCumulativeBuckets() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.ended(0, Recorded.exchange().durationNanos(1_000_000).build());
    metrics.ended(1, Recorded.exchange().durationNanos(20_000_000_000L).build());

    String labels =
        "api=\"orders\",api_version=\"1.0.0\",operation=\"getOrder\",code_class=\"2xx\"";
    String name = "tollgate_request_duration_seconds";
    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.value(name + "_bucket{" + labels + ",le=\"0.001\"}")).isEqualTo("1");
    assertThat(scraped.value(name + "_bucket{" + labels + ",le=\"10.0\"}")).isEqualTo("1");
    assertThat(scraped.value(name + "_bucket{" + labels + ",le=\"+Inf\"}")).isEqualTo("2");
    assertThat(scraped.value(name + "_sum{" + labels + "}")).isEqualTo("20.001");
    assertThat(scraped.value(name + "_count{" + labels + "}")).isEqualTo("2");
  }

  @Test
  void openMetricsCarriesExemplarsAndEnds() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.ended(0, Recorded.exchange().durationNanos(67_000_000).build());

    Scraped scraped = Scraped.of(metrics, OPENMETRICS);
    assertThat(scraped.text())
        .contains("# TYPE tollgate_requests counter\n")
        .contains(
            "le=\"0.1\"} 1 # {trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 0.067"
                + " 1795429230.045\n");
    assertThat(Scraped.of(metrics).text())
        .contains("# TYPE tollgate_requests_total counter\n")
        .doesNotContain("trace_id");
  }

  @Test
  void unknownMethodAndUnmatchedTrafficHaveClosedLabels() {
    GatewayMetrics metrics = metrics(10_000, true);
    for (String method : List.of("BREW", "FROB", "PROPFIND")) {
      metrics.ended(
          0,
          Recorded.exchange()
              .method(method)
              .route(RouteHandle.NONE)
              .upstream(null)
              .fault(Fault.of(FaultCode.NO_ROUTE, "no"))
              .build());
    }

    Scraped scraped = Scraped.of(metrics);
    String labels =
        "tollgate_requests_total{listener=\"http\",api=\"_none\",api_version=\"\","
            + "operation=\"_none\",method=\"%s\",code=\"404\",outcome=\"no_route\"}";
    assertThat(scraped.value(labels.formatted("_other"))).isEqualTo("2");
    assertThat(scraped.value(labels.formatted("PROPFIND"))).isEqualTo("1");
  }

  @Test
  void operationLabelCanBeSwitchedOff() {
    GatewayMetrics metrics = metrics(10_000, false);
    metrics.ended(0, Recorded.exchange().build());
    metrics.ended(0, Recorded.exchange().route(orders("listOrders")).build());

    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.text()).doesNotContain("operation=");
    assertThat(scraped.series("tollgate_requests_total")).hasSize(1);
    assertThat(scraped.sum("tollgate_requests_total")).isEqualTo(2);
  }

  @Test
  void aboveTwoHundredOperationsAnApiCollapsesToAll() {
    GatewayMetrics metrics = metrics(10_000, true);
    List<RouteHandle> routes = new ArrayList<>();
    for (int i = 0; i <= 200; i++) {
      routes.add(orders("op" + i));
    }
    metrics.retain(routes, Set.of("orders-v1"));
    for (RouteHandle route : routes) {
      metrics.ended(0, Recorded.exchange().route(route).build());
    }

    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.series("tollgate_requests_total")).hasSize(1);
    assertThat(scraped.value(ORDERS_OK.replace("getOrder", "_all"))).isEqualTo("201");
  }

  @Test
  void countersSurviveReloadWithNewHandles() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.retain(List.of(ORDERS), Set.of("orders-v1"));
    metrics.ended(0, Recorded.exchange().build());
    RouteHandle same = orders(ORDERS.operation());
    metrics.retain(List.of(same), Set.of("orders-v1"));
    metrics.ended(0, Recorded.exchange().route(same).build());

    Scraped.of(metrics);
    assertThat(Scraped.of(metrics).value(ORDERS_OK)).isEqualTo("2");
  }

  @Test
  void seriesOfRemovedObjectsVanishAfterOneScrape() {
    GatewayMetrics metrics = metrics(10_000, true);
    RouteHandle users = new RouteHandle("users", "1", "list", "/users", "/");
    metrics.retain(List.of(ORDERS, orders("gone"), users), Set.of("orders-v1", "users-v1"));
    metrics.ended(0, Recorded.exchange().build());
    metrics.ended(0, Recorded.exchange().route(orders("gone")).build());
    metrics.ended(1, Recorded.exchange().route(users).upstream("users-v1").build());
    metrics.attempted(1, "users-v1", Recorded.TARGET, 200, Outcome.OK);
    metrics.ended(
        0, Recorded.exchange().route(RouteHandle.NONE).status(404, Outcome.NO_ROUTE).build());

    metrics.retain(List.of(ORDERS), Set.of("orders-v1"));
    Scraped last = Scraped.of(metrics);
    assertThat(last.text()).contains("users-v1").contains("gone");
    Scraped after = Scraped.of(metrics);
    assertThat(after.text()).doesNotContain("users").doesNotContain("gone");
    assertThat(after.value(ORDERS_OK)).isEqualTo("1");
    assertThat(after.text()).contains("api=\"_none\"");
  }

  @Test
  void longStreamOfRemovedApiShowsOnceMore() {
    GatewayMetrics metrics = metrics(10_000, true);
    RouteHandle users = new RouteHandle("users", "1", "list", "/users", "/");
    metrics.retain(List.of(ORDERS, users), Set.of("orders-v1"));
    metrics.ended(0, Recorded.exchange().route(users).build());
    metrics.retain(List.of(ORDERS), Set.of("orders-v1"));
    Scraped.of(metrics);
    metrics.ended(0, Recorded.exchange().route(users).build());

    assertThat(Scraped.of(metrics).text()).contains("api=\"users\"");
    assertThat(Scraped.of(metrics).text()).doesNotContain("api=\"users\"");
  }

  @Test
  void atTenThousandApisEachStillHasItsOwnSeries() {
    GatewayMetrics metrics = metrics(10_000, true);
    List<RouteHandle> routes = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      routes.add(new RouteHandle("api" + i, "1", "get", "/" + i, "/"));
      routes.add(new RouteHandle("api" + i, "1", "put", "/" + i, "/"));
    }
    metrics.retain(routes, Set.of("u"));
    for (RouteHandle route : routes) {
      metrics.ended(0, Recorded.exchange().route(route).upstream("u").build());
      metrics.ended(
          1, Recorded.exchange().route(route).upstream("u").status(404, Outcome.OK).build());
    }
    metrics.ended(
        0, Recorded.exchange().route(RouteHandle.NONE).status(404, Outcome.NO_ROUTE).build());

    Scraped scraped = Scraped.of(metrics);
    Set<String> series = scraped.series("tollgate_requests_total");
    assertThat(series).hasSize(10_001).allMatch(each -> !each.contains("_overflow"));
    Set<String> apis = new HashSet<>();
    for (String each : series) {
      apis.add(each.replaceAll(".*,api=\"([^\"]*)\".*", "$1"));
    }
    assertThat(apis).hasSize(10_001);
    assertThat(scraped.sum("tollgate_requests_total")).isEqualTo(40_001);
    assertThat(scraped.series("tollgate_request_duration_seconds_count")).hasSize(10_001);
    assertThat(scraped.sum("tollgate_metrics_overflow_total")).isZero();
    assertThat(scraped.value("tollgate_metrics_series{family=\"tollgate_requests_total\"}"))
        .isEqualTo("10001");
  }

  @Test
  void beyondTheCapOperationsCollapseFirstThenStatusCodes() {
    GatewayMetrics metrics = metrics(40, true);
    List<RouteHandle> routes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      routes.add(orders("op" + i));
    }
    metrics.retain(routes, Set.of("orders-v1"));
    int total = 0;
    for (RouteHandle route : routes) {
      for (int code = 200; code < 210; code++) {
        metrics.ended(0, Recorded.exchange().route(route).status(code, Outcome.OK).build());
        total++;
      }
    }

    Scraped scraped = Scraped.of(metrics);
    Set<String> series = scraped.series("tollgate_requests_total");
    assertThat(series).hasSizeLessThanOrEqualTo(40);
    assertThat(series).anyMatch(each -> each.contains("\"op0\""));
    assertThat(series)
        .anyMatch(each -> each.contains("operation=\"_all\"") && each.contains("code=\"201\""));
    assertThat(series).anyMatch(each -> each.contains("code=\"2xx\""));
    assertThat(scraped.sum("tollgate_requests_total")).isEqualTo(total);
  }

  @Test
  void apisBeyondTheCapShareOneSeriesThatIsCounted() {
    GatewayMetrics metrics = metrics(3, true);
    for (int i = 0; i < 10; i++) {
      RouteHandle route = new RouteHandle("api" + i, "1", "get", "/" + i, "/");
      metrics.ended(0, Recorded.exchange().route(route).build());
    }

    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.series("tollgate_requests_total")).hasSize(4);
    String overflow = "tollgate_metrics_overflow_total{family=\"tollgate_requests_total\"}";
    assertThat(scraped.value(overflow)).isEqualTo("7");
    assertThat(scraped.sum("tollgate_requests_total")).isEqualTo(10);
  }

  @Test
  void reloadThatBringsMoreApisMakesRoomForThem() {
    GatewayMetrics metrics = metrics(40, true);
    List<RouteHandle> routes = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      routes.add(orders("op" + i));
    }
    metrics.retain(routes, Set.of("orders-v1"));
    for (RouteHandle route : routes) {
      metrics.ended(0, Recorded.exchange().route(route).build());
    }
    for (int i = 0; i < 39; i++) {
      routes.add(new RouteHandle("api" + i, "1", "get", "/" + i, "/"));
    }
    metrics.retain(routes, Set.of("orders-v1"));
    for (RouteHandle route : routes) {
      metrics.ended(0, Recorded.exchange().route(route).build());
    }

    assertThat(Scraped.of(metrics).text()).doesNotContain("_overflow\"");
    Scraped after = Scraped.of(metrics);
    assertThat(after.series("tollgate_requests_total")).hasSize(40);
  }

  @Test
  void loopsCountWhileOthersScrape() throws InterruptedException {
    GatewayMetrics metrics = metrics(10_000, true);
    int rounds = 50_000;
    RouteHandle[] routes = {ORDERS, orders("a"), orders("b")};
    Thread[] loops = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int loop = i;
      loops[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < rounds; round++) {
                  metrics.started(loop, "http");
                  RouteHandle route = routes[round % 3];
                  metrics.ended(loop, Recorded.exchange().route(route).build());
                }
              });
    }
    while (loops[0].isAlive() || loops[1].isAlive()) {
      Scraped.of(metrics);
      metrics.retain(List.of(routes), Set.of("orders-v1"));
    }

    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.sum("tollgate_requests_total")).isEqualTo(2.0 * rounds);
    assertThat(scraped.sum("tollgate_request_duration_seconds_count")).isEqualTo(2.0 * rounds);
    assertThat(scraped.sum("tollgate_requests_in_flight")).isZero();
  }

  @Test
  void allocatesNothingForLabelsItKnows() {
    GatewayMetrics metrics = metrics(10_000, true);
    ExchangeRecord[] records = {
      Recorded.exchange().build(),
      Recorded.exchange().route(orders("a")).status(404, Outcome.CLIENT_ERROR).build(),
      Recorded.exchange().listener("https").method("PATCH").build()
    };
    // The first rounds make the cells, and let the compiler settle what else allocates.
    count(metrics, records, 20_000);

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    count(metrics, records, 20_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated / 60_000).as("bytes per exchange").isZero();
  }

  private static void count(GatewayMetrics metrics, ExchangeRecord[] records, int rounds) {
    for (int i = 0; i < rounds; i++) {
      for (ExchangeRecord record : records) {
        metrics.started(0, record.connection().listener());
        metrics.attempted(0, "orders-v1", Recorded.TARGET, record.status(), record.outcome());
        metrics.retried(0, "orders-v1", "dead_on_reuse");
        metrics.ended(0, record);
      }
    }
  }

  @Test
  void tellsTheStateOfTheConfiguration() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.config().loaded(1, 1_795_429_230_045L, Map.of("Api", 3));
    metrics.config().refused();

    Scraped scraped = Scraped.of(metrics);
    assertThat(scraped.text())
        .contains("\ntollgate_config_last_reload_successful 0\n")
        .contains("\ntollgate_config_generation 1\n")
        .contains("\ntollgate_config_objects{kind=\"Api\"} 3\n")
        .contains("\ntollgate_config_reloads_total{result=\"failure\"} 1\n");
    assertThat(Double.parseDouble(scraped.value("tollgate_config_last_success_timestamp_seconds")))
        .isEqualTo(1_795_429_230.045);
  }

  @Test
  void asksSourcesAndEscapesTheirLabels() {
    GatewayMetrics metrics = metrics(10_000, true);
    metrics.supply(Metric.UPSTREAM_TARGET_UP, sink -> sink.put(1, "a", "h:1"));
    metrics.supply(
        Metric.UPSTREAM_TARGET_UP, sink -> sink.put(0.25, "back\\slash", "quo\"te\nline"));

    assertThat(Scraped.of(metrics).text())
        .contains("tollgate_upstream_target_up{upstream=\"a\",target=\"h:1\"} 1\n")
        .contains("{upstream=\"back\\\\slash\",target=\"quo\\\"te\\nline\"} 0.25\n");
    assertThatThrownBy(() -> metrics.supply(Metric.REQUESTS, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tollgate_requests_total");
  }

  @Test
  void bringsBuildJvmAndProcess() {
    Scraped scraped = Scraped.of(metrics(10_000, true), OPENMETRICS);

    assertThat(scraped.value("tollgate_build_info{version=\"1.2\",revision=\"abc\"}"))
        .isEqualTo("1");
    assertThat(scraped.text())
        .contains("jvm_memory_used_bytes")
        .contains("process_uptime_seconds")
        .contains("tollgate_direct_memory_bytes");
  }

  private GatewayMetrics metrics(int cap, boolean operationLabel) {
    MetricsOptions options =
        new MetricsOptions(
            MetricsOptions.DEFAULT_BUCKETS,
            MetricsOptions.DEFAULT_FINE_BUCKETS,
            operationLabel,
            cap,
            "1.2",
            "abc");
    GatewayMetrics metrics = new GatewayMetrics(options, 2);
    made.add(metrics);
    return metrics;
  }

  private static RouteHandle orders(String operation) {
    return new RouteHandle("orders", "1.0.0", operation, "/orders", "/{id}");
  }
}
