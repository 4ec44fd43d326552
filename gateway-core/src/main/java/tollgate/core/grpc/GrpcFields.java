package tollgate.core.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Trailers;

/** Fields and trailers of gRPC: their names, and a refusal told by them. Any thread. */
public final class GrpcFields {
  public static final FieldName STATUS = FieldName.of("grpc-status");
  public static final FieldName MESSAGE = FieldName.of("grpc-message");
  public static final FieldName TIMEOUT = FieldName.of("grpc-timeout");

  /** gRPC A6: when a client that retries may come back; digits. */
  public static final FieldName PUSHBACK = FieldName.of("grpc-retry-pushback-ms");

  /** The stable code of a refusal, where no body can tell it. */
  public static final FieldName FAULT_CODE = FieldName.of("tollgate-code");

  public static final int NO_STATUS = -1;

  private static final int MAX_STATUS_DIGITS = 4;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();
  private static final int MAX_PUSHBACK_SECONDS = 1_000_000;

  private GrpcFields() {}

  /** A refusal: status, message and our code. */
  public static Trailers of(Fault refusal) {
    return new Trailers(
        List.of(
            new Trailers.Line(STATUS.text(), GrpcStatus.of(refusal.code()).text()),
            new Trailers.Line(MESSAGE.text(), percentEncoded(refusal.detail())),
            new Trailers.Line(FAULT_CODE.text(), refusal.code().code())));
  }

  /**
   * What {@code Retry-After} says, for gRPC; null if it says no number of seconds.
   *
   * @param retryAfter null if there is none
   */
  public static @Nullable String pushback(@Nullable String retryAfter) {
    if (retryAfter == null || !retryAfter.matches("[0-9]{1,7}")) {
      return null;
    }
    int seconds = Integer.parseInt(retryAfter);
    return seconds > MAX_PUSHBACK_SECONDS ? null : Long.toString(1000L * seconds);
  }

  /** The status among the trailers; {@link #NO_STATUS} if there is none. */
  public static int status(Trailers trailers) {
    for (Trailers.Line line : trailers.lines()) {
      if (line.name().equalsIgnoreCase(STATUS.text())) {
        return status(line.value());
      }
    }
    return NO_STATUS;
  }

  /** As the other {@code status}, of a head that is all of an answer. */
  public static int status(Fields fields) {
    String value = fields.first(STATUS);
    return value == null ? NO_STATUS : status(value);
  }

  /** What is no number is UNKNOWN to every client. */
  private static int status(String value) {
    int code = 0;
    for (int i = 0; i < value.length(); i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9' || i == MAX_STATUS_DIGITS) {
        return GrpcStatus.UNKNOWN.code();
      }
      code = 10 * code + (digit - '0');
    }
    return value.isEmpty() ? GrpcStatus.UNKNOWN.code() : code;
  }

  /** gRPC over HTTP2, "Percent-Encoded": all but visible ASCII and space, and the percent sign. */
  static String percentEncoded(String message) {
    StringBuilder text = null;
    byte[] bytes = message.getBytes(UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      boolean isPlain = b >= ' ' && b <= '~' && b != '%';
      if (!isPlain && text == null) {
        text = new StringBuilder(message.substring(0, i)); // ASCII up to here
      }
      if (text != null) {
        if (isPlain) {
          text.append((char) b);
        } else {
          text.append('%').append(HEX[(b >> 4) & 0xf]).append(HEX[b & 0xf]);
        }
      }
    }
    return text == null ? message : text.toString();
  }
}
