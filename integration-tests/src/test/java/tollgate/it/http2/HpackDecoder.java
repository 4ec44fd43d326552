package tollgate.it.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import tollgate.it.harness.Headers;

/** Reads the blocks of one connection, in their order (RFC 7541). One thread. */
final class HpackDecoder {
  private static final int ENTRY_BYTES = 32;
  private static final List<Headers.Line> STATIC_TABLE = staticTable();

  private final ArrayDeque<Headers.Line> entries = new ArrayDeque<>();
  private int allowedBytes = 4096;
  private int capacityBytes = 4096;
  private int usedBytes;

  private byte[] block = {};
  private int at;

  /** What a SETTINGS frame of ours allows from now on. */
  void allow(int tableBytes) {
    allowedBytes = tableBytes;
  }

  /** Of the dynamic table at this moment. */
  int usedBytes() {
    return usedBytes;
  }

  Headers decode(byte[] fragment) throws IOException {
    block = fragment;
    at = 0;
    List<Headers.Line> lines = new ArrayList<>();
    while (at < block.length) {
      int first = block[at] & 0xff;
      if ((first & 0x80) != 0) {
        lines.add(entry(integer(7)));
      } else if ((first & 0x40) != 0) {
        Headers.Line line = literal(integer(6));
        lines.add(line);
        add(line);
      } else if ((first & 0x20) != 0) {
        if (!lines.isEmpty()) {
          throw new IOException("size update behind a field");
        }
        resize(integer(5));
      } else {
        lines.add(literal(integer(4)));
      }
    }
    // RFC 7541 section 4.2: a smaller table is confirmed before anything else.
    if (capacityBytes > allowedBytes) {
      throw new IOException("the table has " + capacityBytes + " octets, not " + allowedBytes);
    }
    return new Headers(lines);
  }

  private Headers.Line literal(int nameIndex) throws IOException {
    String name = nameIndex == 0 ? string() : entry(nameIndex).name();
    return new Headers.Line(name, string());
  }

  private Headers.Line entry(int index) throws IOException {
    if (index == 0 || index > STATIC_TABLE.size() + entries.size()) {
      throw new IOException("index " + index);
    }
    if (index <= STATIC_TABLE.size()) {
      return STATIC_TABLE.get(index - 1);
    }
    Iterator<Headers.Line> newestFirst = entries.iterator();
    for (int skipped = STATIC_TABLE.size() + 1; skipped < index; skipped++) {
      newestFirst.next();
    }
    return newestFirst.next();
  }

  private void add(Headers.Line line) {
    int bytes = bytes(line);
    evict(capacityBytes - bytes);
    if (bytes <= capacityBytes) {
      entries.addFirst(line);
      usedBytes += bytes;
    }
  }

  private void resize(int bytes) throws IOException {
    if (bytes > allowedBytes) {
      throw new IOException("size update to " + bytes + ", " + allowedBytes + " are allowed");
    }
    capacityBytes = bytes;
    evict(bytes);
  }

  private void evict(int mostBytes) {
    while (usedBytes > mostBytes && !entries.isEmpty()) {
      usedBytes -= bytes(entries.removeLast());
    }
  }

  private static int bytes(Headers.Line line) {
    return line.name().length() + line.value().length() + ENTRY_BYTES;
  }

  private String string() throws IOException {
    boolean isHuffman = (block[at] & 0x80) != 0;
    int length = integer(7);
    byte[] octets = Arrays.copyOfRange(block, at, at + length);
    if (at + length > block.length) {
      throw new IOException("a string ends behind its block");
    }
    at += length;
    return isHuffman ? HuffmanCode.decode(octets) : new String(octets, ISO_8859_1);
  }

  private int integer(int prefixBits) throws IOException {
    int most = (1 << prefixBits) - 1;
    int value = block[at++] & most;
    if (value < most) {
      return value;
    }
    for (int shift = 0; shift < 28; shift += 7) {
      int octet = block[at++];
      value += (octet & 0x7f) << shift;
      if (octet >= 0) {
        return value;
      }
    }
    throw new IOException("an integer that is too long");
  }

  private static List<Headers.Line> staticTable() {
    // Appendix A.
    String text =
        """
        :authority
        :method=GET
        :method=POST
        :path=/
        :path=/index.html
        :scheme=http
        :scheme=https
        :status=200
        :status=204
        :status=206
        :status=304
        :status=400
        :status=404
        :status=500
        accept-charset
        accept-encoding=gzip, deflate
        accept-language
        accept-ranges
        accept
        access-control-allow-origin
        age
        allow
        authorization
        cache-control
        content-disposition
        content-encoding
        content-language
        content-length
        content-location
        content-range
        content-type
        cookie
        date
        etag
        expect
        expires
        from
        host
        if-match
        if-modified-since
        if-none-match
        if-range
        if-unmodified-since
        last-modified
        link
        location
        max-forwards
        proxy-authenticate
        proxy-authorization
        range
        referer
        refresh
        retry-after
        server
        set-cookie
        strict-transport-security
        transfer-encoding
        user-agent
        vary
        via
        www-authenticate
        """;
    return text.lines()
        .map(line -> line.split("=", 2))
        .map(parts -> new Headers.Line(parts[0], parts.length == 1 ? "" : parts[1]))
        .toList();
  }
}
