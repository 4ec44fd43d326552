package tollgate.dist.assembly;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.transport.client.TargetPool;

/**
 * What changes for upstreams when another generation serves: probes go on for those it has and end
 * for those it has not, though exchanges may still run there; the same for connections kept idle.
 * The reloading thread only.
 */
final class Rotation {
  private Rotation() {}

  static void turn(@Nullable GatewaySnapshot before, GatewaySnapshot next) {
    List<UpstreamPiece> serving = next.upstreams();
    Set<TargetPool> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    serving.forEach(piece -> kept.addAll(piece.connector().targets()));
    if (before != null) {
      Set<UpstreamPiece> keptPieces = Collections.newSetFromMap(new IdentityHashMap<>());
      keptPieces.addAll(serving);
      for (UpstreamPiece piece : before.upstreams()) {
        if (!keptPieces.contains(piece)) {
          piece.stopProbes();
        }
        piece.connector().targets().stream()
            .filter(pool -> !kept.contains(pool))
            .forEach(TargetPool::retire);
      }
    }
    kept.forEach(TargetPool::serve);
    serving.forEach(UpstreamPiece::startProbes);
  }
}
