package tollgate.core.coding;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A content coding that the gateway can read. Any thread. Beside those it can write there is
 * deflate, with the frame of zlib, as the standard has it, or bare, as some write it.
 */
public enum Decoding {
  GZIP("gzip") {
    @Override
    DecoderStage stage(ByteBufAllocator allocator) {
      return new GzipDecoder(allocator);
    }
  },
  DEFLATE("deflate") {
    @Override
    DecoderStage stage(ByteBufAllocator allocator) {
      return new DeflateDecoder(allocator);
    }
  },
  BR("br") {
    @Override
    DecoderStage stage(ByteBufAllocator allocator) {
      return new BrotliDecoder(allocator);
    }
  },
  ZSTD("zstd") {
    @Override
    DecoderStage stage(ByteBufAllocator allocator) {
      return new ZstdDecoder(allocator);
    }
  };

  /** More than these on one body are a way to make a bomb, and nothing else. */
  public static final int MAX_CODINGS = 2;

  /** All of them, as Accept-Encoding names them. */
  public static final String TOKENS = "gzip, deflate, br, zstd";

  private final String token;

  Decoding(String token) {
    this.token = token;
  }

  /** As it stands in Content-Encoding. */
  public String token() {
    return token;
  }

  /** Whether this process can read it; the first call may load a library. */
  public boolean isAvailable() {
    return switch (this) {
      case GZIP, DEFLATE -> true;
      case BR -> ContentCoding.BR.isAvailable();
      case ZSTD -> ContentCoding.ZSTD.isAvailable();
    };
  }

  /**
   * The codings of a body in the order they were applied (RFC 9110 section 8.4), {@code identity}
   * left out; null if one of them cannot be read here or there are more than {@link #MAX_CODINGS}.
   *
   * @param lines values of all Content-Encoding lines
   */
  public static @Nullable List<Decoding> parse(List<String> lines) {
    List<Decoding> codings = new ArrayList<>(MAX_CODINGS);
    for (String line : lines) {
      for (String member : line.split(",", -1)) {
        String token = member.strip().toLowerCase(Locale.ROOT);
        if (token.equals("identity") || (token.isEmpty() && line.indexOf(',') >= 0)) {
          continue; // RFC 9110 5.6.1.2: empty members of a list are none
        }
        Decoding coding = of(token);
        if (coding == null || codings.size() == MAX_CODINGS || !coding.isAvailable()) {
          return null;
        }
        codings.add(coding);
      }
    }
    return codings;
  }

  private static @Nullable Decoding of(String token) {
    return switch (token) {
      case "gzip", "x-gzip" -> GZIP; // RFC 9110 8.4.1.3
      case "deflate" -> DEFLATE;
      case "br" -> BR;
      case "zstd" -> ZSTD;
      default -> null;
    };
  }

  /** A new stream; to be closed whatever becomes of it. */
  abstract DecoderStage stage(ByteBufAllocator allocator);
}
