package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.ControlSocket;
import tollgate.it.harness.Tollgate;
import tollgate.it.http2.Cases.Case;

/**
 * RFC 9113 and RFC 7541, rule by rule, over TLS and in cleartext, and again while the configuration
 * is reloaded. There is no list of failures that are allowed.
 */
final class Http2ConformanceIT {
  private static final String HOST = "api.example.com";
  private static final long RELOAD_PERIOD_NANOS = 100_000_000;
  private static final String RELOAD =
      "POST /v1/reload HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@", protocols: [http1, h2]}
        - name: https
          bind: "127.0.0.1:@https@"
          protocols: [http1, h2]
          tls: {certificates: [{cert: certs/tls.crt, key: certs/tls.key}]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      reload: {watch: false}
      warmUp: 0s
      overload: {loopLag: 10s}
      """;

  private static Certificates certificate;
  private static ConformanceOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    certificate = Certificates.make("dns:" + HOST);
    origin = ConformanceOrigin.start();
    tollgate =
        Tollgate.setup()
            .gateway(GATEWAY)
            .file("certs/tls.crt", certificate.certificatePem())
            .file("certs/tls.key", certificate.keyPem())
            .apis(documents(0))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @TestFactory
  Stream<DynamicTest> overTls() {
    return tests("over TLS", Conformance.start(tls()));
  }

  @TestFactory
  Stream<DynamicTest> inCleartext() {
    return tests("in cleartext", Conformance.start(cleartext()));
  }

  @TestFactory
  Stream<DynamicTest> whileItReloads() throws IOException {
    double before = tollgate.metrics().sum("tollgate_config_generation");
    Map<Case, CompletableFuture<Void>> results = Conformance.start(tls());
    CompletableFuture<Void> all =
        CompletableFuture.allOf(results.values().toArray(new CompletableFuture<?>[0]));
    int reloads = 0;
    do {
      tollgate.write("conf.d/apis.yaml", documents(++reloads));
      assertThat(ControlSocket.in(tollgate.conf().resolve(".state")).ask(RELOAD))
          .startsWith("HTTP/1.1 200");
      LockSupport.parkNanos(RELOAD_PERIOD_NANOS);
    } while (!all.isDone());
    double generations = tollgate.metrics().sum("tollgate_config_generation") - before;
    System.out.printf("%.0f generations while the cases ran%n", generations);
    assertThat(generations).isPositive();
    return tests("while it reloads", results);
  }

  private static Endpoint tls() {
    return new Endpoint(tollgate.port("https"), Certificates.trusting(certificate), HOST, "/a");
  }

  private static Endpoint cleartext() {
    return new Endpoint(tollgate.port(), null, HOST, "/a");
  }

  /** The version differs, so that each is a generation of its own. */
  private static String documents(int version) {
    return upstream(
            "u",
            origin.port(),
            "health: {passive: off}",
            "pool: {maxConnections: 2000}",
            "timeouts: {connect: 10s}")
        + api("a", "/a", "u", "policies: [version]")
        + "---\nkind: Policy\nname: version\nresponse: [{headers: {set: {X-Version: \"%d\"}}}]\n"
            .formatted(version);
  }

  private static Stream<DynamicTest> tests(
      String where, Map<Case, CompletableFuture<Void>> results) {
    Stream<DynamicTest> cases =
        results.entrySet().stream()
            .map(result ->
                DynamicTest.dynamicTest(
                    result.getKey().toString(), () -> joined(result.getValue())));
    DynamicTest unseen =
        DynamicTest.dynamicTest(
            "nothing that was refused came to the origin", () -> origin.assertUnseen());
    DynamicTest total =
        DynamicTest.dynamicTest(
            "all of them",
            () -> {
              long failed =
                  results.values().stream()
                      .filter(CompletableFuture::isCompletedExceptionally)
                      .count();
              System.out.printf(
                  "HTTP/2 %s: %d of %d cases passed%n",
                  where, results.size() - failed, results.size());
              assertThat(failed).isZero();
            });
    return Stream.concat(cases, Stream.of(unseen, total));
  }

  private static void joined(CompletableFuture<Void> result) throws Throwable {
    try {
      result.join();
    } catch (CompletionException e) {
      throw e.getCause();
    }
  }
}
