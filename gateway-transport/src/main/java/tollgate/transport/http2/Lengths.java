package tollgate.transport.http2;

import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.transport.wire.FieldLines;

/** What a head says of the length of its content (RFC 9110 section 8.6). Any thread. */
final class Lengths {
  /** 18 decimal digits always fit a long. */
  private static final int MAX_DIGITS = 18;

  private Lengths() {}

  /**
   * @return {@link BodyLength#ABSENT} if nothing is said
   */
  static long read(int streamId, FieldLines lines) throws Http2Error {
    int index = lines.indexOf(FieldName.CONTENT_LENGTH, 0);
    if (index < 0) {
      return BodyLength.ABSENT;
    }
    int from = lines.valueStart(index);
    int digits = lines.valueEnd(index) - from;
    byte[] block = lines.block();
    boolean isGood =
        lines.indexOf(FieldName.CONTENT_LENGTH, index + 1) < 0
            && digits > 0
            && digits <= MAX_DIGITS
            && (digits == 1 || block[from] != '0');
    long length = 0;
    for (int at = from; isGood && at < from + digits; at++) {
      int digit = block[at] - '0';
      isGood = digit >= 0 && digit <= 9;
      length = length * 10 + digit;
    }
    if (!isGood) {
      throw Http2Error.ofStream(
          streamId, ErrorCode.PROTOCOL_ERROR, "Content-Length is not one decimal number");
    }
    return length;
  }
}
