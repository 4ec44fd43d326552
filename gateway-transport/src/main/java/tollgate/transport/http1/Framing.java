package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.transport.wire.FieldLines;
import tollgate.transport.wire.Malformed;

/**
 * What a head says of the length of its body (RFC 9112 section 6). One answer or none: everything
 * on which two readers could differ is refused. Any thread.
 */
final class Framing {
  private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);

  /** 18 decimal digits always fit a long. */
  private static final int MAX_DIGITS = 18;

  private static final Fault BAD_LENGTH =
      Fault.of(FaultCode.MALFORMED_REQUEST, "Content-Length is not one decimal number.");
  private static final Fault BAD_CODING =
      Fault.of(FaultCode.MALFORMED_REQUEST, "Transfer-Encoding is not exactly chunked.");
  private static final Fault BOTH =
      Fault.of(
          FaultCode.MALFORMED_REQUEST, "Transfer-Encoding stands together with Content-Length.");
  private static final Fault OLD_CODING =
      Fault.of(FaultCode.MALFORMED_REQUEST, "HTTP/1.0 has no Transfer-Encoding.");

  private Framing() {}

  /**
   * @return the declared length; {@link BodyLength#UNKNOWN} for chunked; {@link BodyLength#ABSENT}
   *     if neither field is there
   */
  static long read(FieldLines fields, boolean isHttp10) throws Malformed {
    int coding = fields.indexOf(FieldName.TRANSFER_ENCODING, 0);
    int length = fields.indexOf(FieldName.CONTENT_LENGTH, 0);
    if (coding < 0) {
      return length < 0 ? BodyLength.ABSENT : length(fields, length);
    }
    if (length >= 0) {
      // RFC 9112 6.3: "ought to be handled as an error".
      throw new Malformed(BOTH);
    }
    if (isHttp10) {
      // RFC 9112 6.1: "MUST treat the message as if the framing is faulty".
      throw new Malformed(OLD_CODING);
    }
    if (fields.indexOf(FieldName.TRANSFER_ENCODING, coding + 1) >= 0
        || !fields.isValue(coding, CHUNKED)) {
      throw new Malformed(BAD_CODING);
    }
    return BodyLength.UNKNOWN;
  }

  /** RFC 9112 6.3: two lines or a list are refused, also if they agree. */
  private static long length(FieldLines fields, int index) throws Malformed {
    if (fields.indexOf(FieldName.CONTENT_LENGTH, index + 1) >= 0) {
      throw new Malformed(BAD_LENGTH);
    }
    byte[] block = fields.block();
    int from = fields.valueStart(index);
    int to = fields.valueEnd(index);
    int digits = to - from;
    if (digits == 0 || digits > MAX_DIGITS || (digits > 1 && block[from] == '0')) {
      throw new Malformed(BAD_LENGTH);
    }
    long length = 0;
    for (int i = from; i < to; i++) {
      int digit = block[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new Malformed(BAD_LENGTH);
      }
      length = length * 10 + digit;
    }
    return length;
  }
}
