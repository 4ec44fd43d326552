package tollgate.dist.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import tollgate.config.read.Diagnostic;
import tollgate.core.chain.Site;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.Method;
import tollgate.dist.json.Json;
import tollgate.dist.reload.Changes;
import tollgate.dist.reload.ReloadResult;

/**
 * The control socket, for the command line's verbs: {@code POST /v1/reload}, {@code POST
 * /v1/drain}, {@code GET /v1/config}. Whoever may open the socket (mode 0600) may do all of it.
 */
public final class ControlSite {
  private static final String JSON = "application/json";

  private ControlSite() {}

  /**
   * @param reload answers when the reload is done
   * @param drain begins the end of the process
   * @param config objects served with their hashes, see {@link Changes#objects}
   */
  public static Site create(
      Supplier<CompletionStage<ReloadResult>> reload,
      Runnable drain,
      Supplier<Map<String, String>> config,
      int loopCount) {
    return new ServiceSite("control")
        .serve(Method.POST, "/v1/reload", _ -> reload.get().thenApply(ControlSite::reply))
        .serve(
            Method.POST,
            "/v1/drain",
            _ -> {
              drain.run();
              return CompletableFuture.completedStage(json(202, Json.object("draining", true)));
            })
        .serve(
            Method.GET,
            "/v1/config",
            _ -> CompletableFuture.completedStage(json(200, objects(config.get()))))
        .build(loopCount);
  }

  private static LocalReply reply(ReloadResult result) {
    return switch (result) {
      case ReloadResult.Applied applied ->
          json(
              200,
              Json.object(
                  "result", "applied",
                  "generation", applied.generation(),
                  "needsRestart", applied.needsRestart(),
                  "added", applied.changes().added(),
                  "changed", applied.changes().changed(),
                  "removed", applied.changes().removed(),
                  "warnings", texts(applied.warnings())));
      case ReloadResult.Unchanged unchanged ->
          json(200, Json.object("result", "unchanged", "generation", unchanged.generation()));
      case ReloadResult.Refused refused ->
          json(
              422,
              Json.object(
                  "result", "refused",
                  "generation", refused.generation(),
                  "problems", texts(refused.problems())));
    };
  }

  private static List<String> texts(List<Diagnostic> problems) {
    return problems.stream().map(Diagnostic::toString).toList();
  }

  /** As a list of {@code {kind, name, hash}}: what {@code <state>/last-good.json} holds too. */
  public static List<Map<String, Object>> objects(Map<String, String> objects) {
    List<Map<String, Object>> list = new ArrayList<>();
    objects.forEach((identity, hash) -> {
      int slash = identity.indexOf('/');
      list.add(
          Json.object(
              "kind", identity.substring(0, slash),
              "name", identity.substring(slash + 1),
              "hash", hash));
    });
    return list;
  }

  private static LocalReply json(int status, Object value) {
    return LocalReply.of(status, JSON, Json.print(value).getBytes(UTF_8));
  }
}
