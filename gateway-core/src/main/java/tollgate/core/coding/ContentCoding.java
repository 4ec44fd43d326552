package tollgate.core.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import java.util.Locale;

/**
 * A content coding that the gateway can write. Any thread.
 *
 * <p>{@code br} and {@code zstd} are native libraries, loaded when they are first asked for. Where
 * one does not load (another processor, no folder to unpack it to) that coding does not exist for
 * this process; the log says so once.
 */
public enum ContentCoding {
  /** RFC 1952, by the JDK. */
  GZIP(1, 9, 5) {
    @Override
    void load() {}

    @Override
    public Encoder encoder(int level) {
      return new GzipEncoder(checked(level));
    }
  },

  /** RFC 7932. */
  BR(0, 9, 4) {
    @Override
    void load() {
      Brotli4jLoader.ensureAvailability();
    }

    @Override
    public Encoder encoder(int level) {
      return new BrotliEncoder(checked(level));
    }
  },

  /** RFC 8878, with a window that RFC 9659 allows. */
  ZSTD(1, 12, 3) {
    @Override
    void load() {
      Native.load();
    }

    @Override
    public Encoder encoder(int level) {
      return new ZstdEncoder(checked(level));
    }
  };

  private final String token = name().toLowerCase(Locale.ROOT);
  private final int minLevel;
  private final int maxLevel;
  private final int defaultLevel;

  ContentCoding(int minLevel, int maxLevel, int defaultLevel) {
    this.minLevel = minLevel;
    this.maxLevel = maxLevel;
    this.defaultLevel = defaultLevel;
  }

  /** As it stands in Content-Encoding and Accept-Encoding. */
  public String token() {
    return token;
  }

  /** The least work it can be asked for. */
  public int minLevel() {
    return minLevel;
  }

  /** The most work an event loop can be asked for: 64 KiB take a few milliseconds. */
  public int maxLevel() {
    return maxLevel;
  }

  /** Near the best ratio that 64 KiB can have in about a millisecond. */
  public int defaultLevel() {
    return defaultLevel;
  }

  /** Whether this process can write it; the first call may load a library. */
  public boolean isAvailable() {
    return Natives.isLoaded(this);
  }

  /**
   * A new stream; to be closed whatever becomes of it.
   *
   * @param level {@link #minLevel} to {@link #maxLevel}
   * @throws IllegalArgumentException for another level
   */
  public abstract Encoder encoder(int level);

  /** Loads what it needs; fails as loaders of natives fail. */
  abstract void load();

  final int checked(int level) {
    if (level < minLevel || level > maxLevel) {
      throw new IllegalArgumentException(
          token + ": level " + level + " (expected: " + minLevel + " to " + maxLevel + ")");
    }
    return level;
  }
}
