package tollgate.it.http2;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import tollgate.it.http2.Cases.Case;

/** Runs all cases against a server, several at once. Any thread. */
final class Conformance {
  private static final int AT_ONCE = 8;
  private static final AtomicInteger RESETS = new AtomicInteger();

  private Conformance() {}

  /** What became of each case, in their order; those that passed are empty. */
  static Map<Case, CompletableFuture<Void>> start(Endpoint endpoint) {
    Map<Case, CompletableFuture<Void>> results = new LinkedHashMap<>();
    ExecutorService runners = Executors.newFixedThreadPool(AT_ONCE);
    for (Case one : Cases.all(endpoint.isTls())) {
      results.put(one, CompletableFuture.runAsync(() -> run(one, endpoint), runners));
    }
    runners.shutdown();
    return results;
  }

  private static void run(Case one, Endpoint endpoint) {
    try (Probe probe = new Probe(endpoint, one.title())) {
      one.steps().run(probe);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(one + ": " + e.getMessage(), e);
    }
  }

  /** A connection error that was seen as nothing but a reset. */
  static void countReset() {
    RESETS.incrementAndGet();
  }

  static int resets() {
    return RESETS.get();
  }

  /**
   * Against any server, whose paths below a prefix an origin like {@link ConformanceOrigin}
   * answers: {@code PORT (tls|plain) AUTHORITY [PREFIX] [part of a title]}. Trusts any certificate.
   */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    boolean isTls = arguments[1].equals("tls");
    String prefix = arguments.length > 3 ? arguments[3] : "";
    String part = arguments.length > 4 ? arguments[4] : "";
    Endpoint endpoint =
        new Endpoint(
            Integer.parseInt(arguments[0]), isTls ? anyTrust() : null, arguments[2], prefix);
    long started = System.nanoTime();
    int passed = 0;
    Map<Case, CompletableFuture<Void>> results = new LinkedHashMap<>(start(endpoint));
    for (Map.Entry<Case, CompletableFuture<Void>> result : results.entrySet()) {
      String failure = failure(result.getValue());
      if (failure.isEmpty()) {
        passed++;
      } else if (result.getKey().toString().contains(part)) {
        System.out.println("FAILED " + failure.replaceAll("\\s+", " "));
      }
    }
    System.out.printf(
        "%d of %d passed, %d connection errors by reset alone, %d ms%n",
        passed, results.size(), resets(), (System.nanoTime() - started) / 1_000_000);
  }

  private static String failure(CompletableFuture<Void> result) {
    try {
      result.join();
      return "";
    } catch (java.util.concurrent.CompletionException e) {
      return String.valueOf(java.util.Objects.requireNonNull(e.getCause()).getMessage());
    }
  }

  private static SSLContext anyTrust() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new AnyTrust()}, null);
    return context;
  }

  /** For servers that are tried by hand. */
  private static final class AnyTrust implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
