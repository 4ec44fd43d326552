package tollgate.analytics.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** RFC 3339 in UTC with milliseconds; the text of the last second is kept. One thread. */
final class Timestamp {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private byte[] text = {};

  void write(long epochMillis, JsonBuffer out) {
    long now = Math.floorDiv(epochMillis, 1_000L);
    if (now != second) {
      second = now;
      text = SECOND.format(Instant.ofEpochSecond(now)).getBytes(US_ASCII);
    }
    out.raw('"');
    out.raw(text);
    out.digits(Math.floorMod(epochMillis, 1_000), 3);
    out.raw('Z');
    out.raw('"');
  }
}
