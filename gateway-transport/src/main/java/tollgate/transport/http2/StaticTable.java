package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import tollgate.core.http.FieldName;
import tollgate.core.http.Tokens;

/** The table of RFC 7541 appendix A, and its names by their hash. Any thread. */
final class StaticTable {
  /** The last index of the static table; the dynamic one begins behind it. */
  static final int LAST = 61;

  static final int AUTHORITY = 1;
  static final int METHOD_GET = 2;
  static final int METHOD_POST = 3;
  static final int PATH = 4;
  static final int SCHEME_HTTP = 6;
  static final int SCHEME_HTTPS = 7;
  static final int STATUS_200 = 8;
  static final int STATUS_204 = 9;
  static final int STATUS_206 = 10;
  static final int STATUS_304 = 11;
  static final int STATUS_400 = 12;
  static final int STATUS_404 = 13;
  static final int STATUS_500 = 14;

  private static final String[] FIELDS = {
    ":authority",
    ":method GET",
    ":method POST",
    ":path /",
    ":path /index.html",
    ":scheme http",
    ":scheme https",
    ":status 200",
    ":status 204",
    ":status 206",
    ":status 304",
    ":status 400",
    ":status 404",
    ":status 500",
    "accept-charset",
    "accept-encoding gzip, deflate",
    "accept-language",
    "accept-ranges",
    "accept",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "refresh",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
  };

  private static final byte[][] NAME = new byte[LAST + 1][];
  private static final byte[][] VALUE = new byte[LAST + 1][];
  private static final int[] HASH = new int[LAST + 1];

  private static final int SLOTS = 256;

  /** Index of the first entry with a name, at its hash or behind; 0 for none. */
  private static final byte[] BY_HASH = new byte[SLOTS];

  static {
    for (int i = 1; i <= LAST; i++) {
      String field = FIELDS[i - 1];
      int blank = field.indexOf(' ');
      byte[] name = (blank < 0 ? field : field.substring(0, blank)).getBytes(US_ASCII);
      NAME[i] = name;
      VALUE[i] = (blank < 0 ? "" : field.substring(blank + 1)).getBytes(US_ASCII);
      for (byte b : name) {
        HASH[i] = FieldName.step(HASH[i], b);
      }
      if (indexOf(HASH[i], name, 0, name.length) == 0) {
        int slot = slot(HASH[i]);
        while (BY_HASH[slot] != 0) {
          slot = (slot + 1) & (SLOTS - 1);
        }
        BY_HASH[slot] = (byte) i;
      }
    }
  }

  private StaticTable() {}

  /** The name of entry 1 to {@link #LAST}; not to be changed. */
  static byte[] name(int index) {
    return NAME[index];
  }

  /** {@link FieldName#step} over the name. */
  static int hash(int index) {
    return HASH[index];
  }

  /** Empty for entries that are there for their name; not to be changed. */
  static byte[] value(int index) {
    return VALUE[index];
  }

  /**
   * The first entry with this name in any case, or 0.
   *
   * @param hash {@link FieldName#step} over the lower-cased name
   */
  static int indexOf(int hash, byte[] source, int from, int length) {
    int slot = slot(hash);
    int index;
    while ((index = BY_HASH[slot]) != 0) {
      if (HASH[index] == hash && isName(NAME[index], source, from, length)) {
        return index;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return 0;
  }

  private static boolean isName(byte[] name, byte[] source, int from, int length) {
    if (name.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Tokens.lower(source[from + i]) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static int slot(int hash) {
    return (hash * 0x9e3779b9) >>> 24;
  }
}
