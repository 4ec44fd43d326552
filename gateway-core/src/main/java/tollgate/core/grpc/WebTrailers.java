package tollgate.core.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.Locale;
import tollgate.core.http.Trailers;

/**
 * Trailers as gRPC-Web has them: the last frame of the body (PROTOCOL-WEB of the gRPC project). Any
 * thread.
 */
public final class WebTrailers {
  /** The bit of a frame's first byte that says it holds trailers. */
  public static final int FLAG = 0x80;

  private WebTrailers() {}

  /** One frame: the flag, four bytes of length, and a line for each, its name in lower case. */
  public static byte[] frame(Trailers trailers) {
    StringBuilder lines = new StringBuilder(128);
    for (Trailers.Line line : trailers.lines()) {
      lines.append(line.name().toLowerCase(Locale.ROOT)).append(':').append(line.value());
      lines.append("\r\n");
    }
    byte[] text = lines.toString().getBytes(ISO_8859_1);
    byte[] frame = new byte[5 + text.length];
    frame[0] = (byte) FLAG;
    frame[1] = (byte) (text.length >>> 24);
    frame[2] = (byte) (text.length >>> 16);
    frame[3] = (byte) (text.length >>> 8);
    frame[4] = (byte) text.length;
    System.arraycopy(text, 0, frame, 5, text.length);
    return frame;
  }

  /** A whole body of nothing but trailers. */
  public static byte[] body(Trailers trailers, GrpcCaller caller) {
    byte[] frame = frame(trailers);
    return caller == GrpcCaller.WEB_TEXT ? Base64.getEncoder().encode(frame) : frame;
  }
}
