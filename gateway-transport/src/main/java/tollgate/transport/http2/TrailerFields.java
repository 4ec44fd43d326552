package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import tollgate.core.http.HopByHop;
import tollgate.core.http.Trailers;

/** Reads the fields behind a body (RFC 9113 section 8.1). Any thread. */
final class TrailerFields {
  private TrailerFields() {}

  /** What may not stand there is dropped; what breaks the rules of fields is a stream error. */
  static Trailers read(int streamId, HeaderList list) throws Http2Error {
    if (list.isTooLarge()) {
      throw Http2Error.ofStream(streamId, ErrorCode.ENHANCE_YOUR_CALM, "large trailers");
    }
    if (list.count() == 0) {
      return Trailers.NONE;
    }
    var lines = new ArrayList<Trailers.Line>(list.count());
    byte[] bytes = list.bytes();
    for (int i = 0; i < list.count(); i++) {
      String problem = FieldCheck.problem(list, i);
      if (problem != null) {
        throw Http2Error.ofStream(streamId, ErrorCode.PROTOCOL_ERROR, problem);
      }
      int nameFrom = list.nameStart(i);
      String name = new String(bytes, nameFrom, list.nameEnd(i) - nameFrom, ISO_8859_1);
      if (!HopByHop.isForbiddenTrailer(name)) {
        int from = list.valueStart(i);
        lines.add(
            new Trailers.Line(name, new String(bytes, from, list.valueEnd(i) - from, ISO_8859_1)));
      }
    }
    return lines.isEmpty() ? Trailers.NONE : new Trailers(lines);
  }
}
