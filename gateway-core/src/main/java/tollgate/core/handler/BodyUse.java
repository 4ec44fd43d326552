package tollgate.core.handler;

/** What a handler needs of a body, said per exchange and direction. */
public sealed interface BodyUse {
  /** Chunks flow past. Costs nothing. */
  enum Untouched implements BodyUse {
    UNTOUCHED
  }

  /** Inspect, rewrite or refuse in flight. */
  record Chunks(ChunkFilter filter) implements BodyUse {}

  /**
   * Collect and build: the handler is asked with a {@link Message}. A media type without a format
   * is 415 for a request and 502 for a response, a body that is not of its type 400 or 502, more
   * than {@code maxBytes} as for {@link Whole}.
   */
  record Built(int maxBytes) implements BodyUse {
    public Built {
      if (maxBytes < 0) {
        throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 0)");
      }
    }
  }

  /** Collect first; more than {@code maxBytes} is 413 for a request, 502 for a response. */
  record Whole(int maxBytes) implements BodyUse {
    public Whole {
      if (maxBytes < 0) {
        throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 0)");
      }
    }
  }
}
