package tollgate.dist.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tollgate.core.chain.Site;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;

/**
 * The status port: {@code /livez}, {@code /readyz}, {@code /metrics}. Tells ready or not and
 * nothing else of the configuration.
 */
public final class StatusSite {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final LocalReply ALIVE = reply(200, "alive\n");
  private static final LocalReply READY = reply(200, "ready\n");
  private static final LocalReply NOT_READY = reply(503, "not ready\n");

  private StatusSite() {}

  /**
   * @param isReady whether the listeners accept and the process is not going down
   * @param metrics renders a scrape for an Accept value (null if there is none), off the event
   *     loops
   */
  public static Site create(
      BooleanSupplier isReady,
      Function<@Nullable String, CompletionStage<LocalReply>> metrics,
      int loopCount) {
    return new ServiceSite("status")
        .serve(Method.GET, "/livez", _ -> CompletableFuture.completedStage(ALIVE))
        .serve(
            Method.GET,
            "/readyz",
            _ -> CompletableFuture.completedStage(isReady.getAsBoolean() ? READY : NOT_READY))
        .serve(Method.GET, "/metrics", head -> metrics.apply(head.fields().first(FieldName.ACCEPT)))
        .build(loopCount);
  }

  private static LocalReply reply(int status, String text) {
    return LocalReply.of(status, TEXT, text.getBytes(UTF_8))
        .with(FieldName.CACHE_CONTROL, "no-store");
  }
}
