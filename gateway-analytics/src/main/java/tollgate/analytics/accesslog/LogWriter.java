package tollgate.analytics.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.time.Ticker;

/**
 * Empties the rings into the output. The writer thread only, but for {@link #dropped}.
 *
 * <p>States: writing, and failing. A failed write or open leads to failing: one WARN, what was not
 * written whole is dropped and counted, and so is all that comes until the next try, a second
 * later. The first write that succeeds leads back: one INFO. When the output ends in the middle of
 * a line (a write that stopped half-way, a file that a crash left so), a line feed goes before the
 * next line, which therefore is whole.
 */
final class LogWriter {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
  private static final int FLUSH_BYTES = 1 << 16;
  private static final long RETRY_NANOS = 1_000_000_000L;
  private static final int MAX_EMPTY_WRITES = 100;

  private final LogOutput output;
  private final RecordRing[] rings;
  private final Ticker ticker;
  private final JsonBuffer buffer = new JsonBuffer();
  private final LineEncoder encoder;
  private final ByteBuffer lineFeed = ByteBuffer.wrap(new byte[] {'\n'});

  private @Nullable WritableByteChannel channel;
  private boolean isInMidLine;
  private boolean isFailing;
  private boolean isBugTold;
  private long retryAtNanos;
  private long droppedBefore;
  private volatile long dropped;

  LogWriter(AccessLogOptions options, RecordRing[] rings, Ticker ticker) {
    this.output = options.output();
    this.rings = rings;
    this.ticker = ticker;
    this.encoder = new LineEncoder(buffer, options.node(), options.withQuery());
  }

  /** Writes what waits, at most a ring's size of each ring; returns how many records it took. */
  int drain() {
    int taken = 0;
    for (RecordRing ring : rings) {
      for (int i = 0; i < ring.size(); i++) {
        ExchangeRecord ended = ring.poll();
        if (ended == null) {
          break;
        }
        taken++;
        take(ended);
      }
    }
    flush();
    return taken;
  }

  boolean isEmpty() {
    for (RecordRing ring : rings) {
      if (!ring.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Records taken and not written. Any thread. */
  long dropped() {
    return dropped;
  }

  /** Opens the output anew at the next record, if it is one that can be. */
  void reopen() {
    if (output.isReopened()) {
      closeChannel();
    }
  }

  void close() {
    flush();
    reopen();
  }

  private void take(ExchangeRecord ended) {
    if (isFailing && ticker.nanos() - retryAtNanos < 0) {
      drop(1);
      return;
    }
    int start = buffer.length();
    try {
      encoder.encode(ended);
    } catch (RuntimeException e) {
      // A record that cannot be encoded is a bug; it must not end the log of all others.
      buffer.truncate(start);
      drop(1);
      if (!isBugTold) {
        isBugTold = true;
        LOG.error("access log: record {} could not be encoded", ended.requestId(), e);
      }
    }
    if (buffer.length() >= FLUSH_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (buffer.length() == 0) {
      return;
    }
    ByteBuffer lines = ByteBuffer.wrap(buffer.array(), 0, buffer.length());
    try {
      write(lines);
      if (isFailing) {
        isFailing = false;
        LOG.info(
            "access log: writing to {} again, {} records were dropped",
            output.name(),
            dropped - droppedBefore);
      }
    } catch (IOException e) {
      fail(e, lines);
    }
    buffer.truncate(0);
  }

  private void write(ByteBuffer lines) throws IOException {
    WritableByteChannel to = channel;
    if (to == null) {
      LogOutput.Opened opened = output.open();
      to = opened.channel();
      channel = to;
      isInMidLine = output.isReopened() ? opened.isInMidLine() : isInMidLine;
    }
    if (isInMidLine) {
      writeAll(to, lineFeed.clear());
      isInMidLine = false;
    }
    writeAll(to, lines);
  }

  private static void writeAll(WritableByteChannel to, ByteBuffer bytes) throws IOException {
    int empty = 0;
    while (bytes.hasRemaining()) {
      empty = to.write(bytes) > 0 ? 0 : empty + 1;
      if (empty == MAX_EMPTY_WRITES) {
        throw new IOException("nothing is taken");
      }
    }
  }

  private void fail(IOException e, ByteBuffer lines) {
    int written = lines.position();
    if (written > 0) {
      isInMidLine = buffer.array()[written - 1] != '\n';
    }
    if (!isFailing) {
      isFailing = true;
      droppedBefore = dropped;
      LOG.warn(
          "access log: cannot write to {} ({}); records are dropped until it works again",
          output.name(),
          e.toString());
    }
    // A line that was written in part counts as dropped, as its line feed was not written.
    drop(countLineFeeds(written, lines.limit()));
    retryAtNanos = ticker.nanos() + RETRY_NANOS;
    reopen();
  }

  private int countLineFeeds(int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += buffer.array()[i] == '\n' ? 1 : 0;
    }
    return count;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void drop(int records) {
    dropped += records;
  }

  private void closeChannel() {
    WritableByteChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("access log: closing {}", output.name(), e);
      }
    }
  }
}
