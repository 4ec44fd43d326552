package tollgate.transport.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The {@code Date} line of this second (RFC 9110 section 6.6.1), made once a second. Any thread: a
 * thread that sees an old one makes its own, and all of them are immutable.
 */
public final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static volatile HttpDate current = new HttpDate(0);

  private final long second;
  private final byte[] line;

  private HttpDate(long second) {
    this.second = second;
    this.line =
        ("Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(second)) + "\r\n").getBytes(US_ASCII);
  }

  /** With its CRLF; not to be changed. */
  public static byte[] line() {
    long second = System.currentTimeMillis() / 1000;
    HttpDate date = current;
    if (date.second != second) {
      date = new HttpDate(second);
      current = date;
    }
    return date.line;
  }
}
