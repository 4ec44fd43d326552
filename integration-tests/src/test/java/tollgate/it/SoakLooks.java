package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.Vitals;

/** What a gateway has of all that could grow, look after look. One thread. */
final class SoakLooks implements AutoCloseable {
  /** Fewer looks than that say nothing of growth. */
  private static final int LEAST_LOOKS = 12;

  private final Tollgate tollgate;
  private final Vitals vitals;
  private final List<Look> looks = new ArrayList<>();

  /** One look; memory in bytes. */
  record Look(long resident, long liveHeap, long direct, long openFiles, long threads) {
    @Override
    public String toString() {
      return "%.1f MiB resident, %.2f MiB live heap, %.2f MiB direct, %d files, %d threads"
          .formatted(
              mebibytes(resident), mebibytes(liveHeap), mebibytes(direct), openFiles, threads);
    }

    private static double mebibytes(long bytes) {
      return (double) bytes / Bytes.MIB;
    }
  }

  private SoakLooks(Tollgate tollgate, Vitals vitals) {
    this.tollgate = tollgate;
    this.vitals = vitals;
  }

  static SoakLooks at(Tollgate tollgate) throws IOException {
    return new SoakLooks(tollgate, Vitals.of(tollgate));
  }

  /** Has the garbage collected first. */
  Look look() throws IOException {
    long heap = vitals.liveHeapBytes();
    long direct = (long) tollgate.metrics().sum("tollgate_direct_memory_bytes");
    Look look =
        new Look(vitals.residentBytes(), heap, direct, vitals.openFiles(), vitals.threadCount());
    looks.add(look);
    return look;
  }

  /** Nothing of the last third is above the middle third, but for what a moment makes. */
  void assertFlat() throws IOException {
    assertThat(tollgate.log()).doesNotContain("LEAK:");
    if (looks.size() >= LEAST_LOOKS) {
      assertFlat("resident", Look::resident, 8L * Bytes.MIB);
      assertFlat("live heap", Look::liveHeap, Bytes.MIB);
      assertFlat("direct", Look::direct, 2L * Bytes.MIB);
      assertFlat("files", Look::openFiles, 20);
      assertFlat("threads", Look::threads, 2);
    }
  }

  private void assertFlat(String what, ToLongFunction<Look> figure, long slack) {
    int count = looks.size();
    assertThat(highest(figure, 2 * count / 3, count))
        .as("%s at the end of %s", what, looks)
        .isLessThanOrEqualTo(highest(figure, count / 3, 2 * count / 3) * 21 / 20 + slack);
  }

  private long highest(ToLongFunction<Look> figure, int from, int to) {
    return looks.subList(from, to).stream().mapToLong(figure).max().orElseThrow();
  }

  @Override
  public void close() throws IOException {
    vitals.close();
  }
}
