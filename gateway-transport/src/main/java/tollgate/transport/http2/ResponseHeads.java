package tollgate.transport.http2;

import tollgate.core.http.BodyLength;
import tollgate.core.http.ResponseHead;
import tollgate.transport.wire.FieldLines;

/** Reads the heads of responses (RFC 9113 section 8.3.2), those before the final one too. */
final class ResponseHeads {
  private static final int MAX_FIELDS = 256;

  private ResponseHeads() {}

  /**
   * @param isHeadRequest whether this answers HEAD
   * @param endStream whether the response ends with its head
   */
  static ResponseHead read(int streamId, HeaderList list, boolean isHeadRequest, boolean endStream)
      throws Http2Error {
    if (list.isTooLarge() || list.count() > MAX_FIELDS) {
      throw Http2Error.ofStream(streamId, ErrorCode.ENHANCE_YOUR_CALM, "a head too large");
    }
    int status = status(streamId, list);
    for (int i = 1; i < list.count(); i++) {
      String problem = FieldCheck.problem(list, i);
      if (problem != null) {
        throw malformed(streamId, problem);
      }
    }
    FieldLines lines = list.linesFrom(1);
    if (status < 200) {
      // RFC 9110 15.2: ends with its head; RFC 9113 8.1: and another one follows.
      if (endStream) {
        throw malformed(streamId, "nothing behind a 1xx head");
      }
      return ResponseHead.received(status, lines, BodyLength.ABSENT);
    }
    long declared = Lengths.read(streamId, lines);
    if (isHeadRequest || status == 204 || status == 304) {
      return ResponseHead.received(status, lines, declared);
    }
    if (endStream && declared > 0) {
      // RFC 9113 8.1.1
      throw malformed(streamId, "Content-Length, and no content");
    }
    long length = endStream ? 0 : declared == BodyLength.ABSENT ? BodyLength.UNKNOWN : declared;
    return ResponseHead.received(status, lines, length);
  }

  /** The first field, and no other pseudo-field: {@link FieldCheck} says no to any behind it. */
  private static int status(int streamId, HeaderList list) throws Http2Error {
    byte[] bytes = list.bytes();
    if (list.count() == 0
        || Pseudo.of(bytes, list.nameStart(0), list.nameEnd(0)) != Pseudo.STATUS) {
      throw malformed(streamId, "no :status");
    }
    int from = list.valueStart(0);
    int status = 0;
    for (int at = from; at < list.valueEnd(0); at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw malformed(streamId, "a :status that is no number");
      }
      status = 10 * Math.min(status, 1000) + digit;
    }
    // RFC 9113 8.6: there is no 101.
    if (list.valueEnd(0) - from != 3 || status < 100 || status > 599 || status == 101) {
      throw malformed(streamId, "a :status that is none");
    }
    return status;
  }

  private static Http2Error malformed(int streamId, String why) {
    return Http2Error.ofStream(streamId, ErrorCode.PROTOCOL_ERROR, why);
  }
}
