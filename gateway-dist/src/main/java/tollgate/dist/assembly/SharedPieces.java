package tollgate.dist.assembly;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What several routes and successive generations share, counted: one object per kind, name and
 * definition hash, closed when the last {@link Holder} that asked for it lets go. Any thread; used
 * while snapshots are built and ended, never by exchanges.
 */
public final class SharedPieces {
  private static final Logger LOG = LoggerFactory.getLogger(SharedPieces.class);

  private final Map<Identity, Piece> pieces = new HashMap<>();

  private record Identity(Class<?> kind, String name, String hash) {}

  private static final class Piece {
    final Identity identity;
    final Object value;
    int holders;

    Piece(Identity identity, Object value) {
      this.identity = identity;
      this.value = value;
    }
  }

  public SharedPieces() {}

  /** A new holder of nothing. */
  public Holder holder() {
    return new Holder();
  }

  /** Whether there is a piece of this identity, so that no factory would be asked for it. */
  boolean has(Class<?> kind, String name, String hash) {
    synchronized (pieces) {
      return pieces.containsKey(new Identity(kind, name, hash));
    }
  }

  /** How many pieces of a kind there are. */
  public int count(Class<?> kind) {
    synchronized (pieces) {
      return (int)
          pieces.keySet().stream().filter(identity -> identity.kind().equals(kind)).count();
    }
  }

  /** Somebody who needs pieces until {@link #close}. Not safe for use by two threads at once. */
  public final class Holder implements AutoCloseable {
    private final List<Identity> held = new ArrayList<>(1);

    private Holder() {}

    /**
     * The piece of this identity; {@code factory} makes it if there is none. Asking twice holds it
     * twice.
     */
    public <T> T get(Class<T> kind, String name, String hash, Supplier<T> factory) {
      Identity identity = new Identity(kind, name, hash);
      Piece piece;
      synchronized (pieces) {
        piece = pieces.get(identity);
      }
      if (piece == null) {
        // Outside the lock: a factory may ask for pieces itself. Snapshots are built one at a time.
        piece = new Piece(identity, factory.get());
      }
      synchronized (pieces) {
        piece = pieces.merge(identity, piece, (there, _) -> there);
        piece.holders++;
      }
      held.add(piece.identity); // the one that is in the map: its texts are kept once
      return kind.cast(piece.value);
    }

    @Override
    public void close() {
      for (Identity identity : held.reversed()) {
        letGo(identity);
      }
      held.clear();
    }
  }

  private void letGo(Identity identity) {
    Object ended = null;
    synchronized (pieces) {
      Piece piece = pieces.get(identity);
      if (piece != null && --piece.holders == 0) {
        pieces.remove(identity);
        ended = piece.value;
      }
    }
    if (ended instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) { // what AutoCloseable declares
        LOG.warn("{} {} did not close", identity.kind().getSimpleName(), identity.name(), e);
      }
    }
  }
}
