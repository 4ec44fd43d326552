package tollgate.analytics.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One label set of a family with a cell per event loop. The cells are read by any thread; the rest
 * belongs to the family and its lock.
 */
final class Series<C> {
  private final byte[] labels;
  private final String key;
  private final Object owner;
  private final Subject subject;
  private final int detail;
  private final AtomicReferenceArray<@Nullable C> cells;

  /** Goes after the next scrape. Guarded by the family. */
  private boolean leaving;

  /**
   * @param key the labels as they are printed, without braces
   * @param detail 0 for the fullest labels, {@link Family#RESERVED} for the owner's own series
   */
  Series(String key, Object owner, Subject subject, int detail, int loops) {
    this.labels = key.getBytes(UTF_8);
    this.key = key;
    this.owner = owner;
    this.subject = subject;
    this.detail = detail;
    this.cells = new AtomicReferenceArray<>(loops);
  }

  byte[] labels() {
    return labels;
  }

  String key() {
    return key;
  }

  Object owner() {
    return owner;
  }

  Subject subject() {
    return subject;
  }

  int detail() {
    return detail;
  }

  boolean isLeaving() {
    return leaving;
  }

  void leaving(boolean leaving) {
    this.leaving = leaving;
  }

  /** The loop's cell, made when first asked for by that loop. */
  C cell(int loop, Supplier<C> maker) {
    C there = cells.getAcquire(loop);
    if (there == null) {
      there = maker.get();
      cells.setRelease(loop, there);
    }
    return there;
  }

  /** The loop's cell, or null if that loop has counted nothing. Any thread. */
  @Nullable C peek(int loop) {
    return cells.getAcquire(loop);
  }

  int loops() {
    return cells.length();
  }
}
