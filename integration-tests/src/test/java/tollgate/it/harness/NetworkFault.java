package tollgate.it.harness;

import java.time.Duration;

/** What a network does to what an origin sends. Immutable. */
public sealed interface NetworkFault {
  /** Nothing. */
  enum None implements NetworkFault {
    NONE
  }

  /** Every piece comes so much later. */
  record Latency(Duration delay) implements NetworkFault {}

  /** A connection is reset as soon as it is there. */
  record Down() implements NetworkFault {}

  /** Bytes come no faster than that. */
  record Bandwidth(int bytesPerMilli) implements NetworkFault {}

  /** The end of a connection comes so much later. */
  record SlowClose(Duration delay) implements NetworkFault {}

  /** Nothing comes, in either direction, and the connection stays. */
  record Silence() implements NetworkFault {}

  /** The connection is reset after so many bytes. */
  record Reset(long afterBytes) implements NetworkFault {}

  /** Bytes come in pieces of that many. */
  record Slicer(int bytes) implements NetworkFault {}

  /** The connection ends after so many bytes. */
  record LimitedData(long bytes) implements NetworkFault {}
}
