package tollgate.it.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads HTTP/1 from a socket and keeps every byte that came, as a rule. One thread reads; any
 * thread may look at what came.
 */
final class WireReader {
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final BufferedInputStream in;

  WireReader(InputStream source) {
    this(source, true);
  }

  private WireReader(InputStream source, boolean isRecorded) {
    this.in = new BufferedInputStream(isRecorded ? new Recording(source, seen) : source, 16 * 1024);
  }

  /** One that keeps nothing, for connections that live long. */
  static WireReader forgetful(InputStream source) {
    return new WireReader(source, false);
  }

  /** Every byte that came so far, parsed or not. */
  byte[] seen() {
    return seen.toByteArray();
  }

  int seenCount() {
    return seen.size();
  }

  /** What has not been read yet. */
  InputStream stream() {
    return in;
  }

  /** One byte, or -1 at the end. */
  int readByte() throws IOException {
    return in.read();
  }

  /** A line without its end. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("in a line: " + line);
      }
      line.append((char) b);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }

  /** Lines up to an empty one. */
  List<String> readLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      lines.add(line);
    }
    return lines;
  }

  /** Appends bytes to {@code target}, which has what came even when this fails. */
  void readInto(ByteArrayOutputStream target, long length) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long left = length;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException(left + " bytes short");
      }
      target.write(buffer, 0, count);
      left -= count;
    }
  }

  /** Appends a chunked body to {@code target} and returns its trailers. */
  Headers readChunkedInto(ByteArrayOutputStream target) throws IOException {
    while (true) {
      String size = readLine();
      int semicolon = size.indexOf(';');
      int length = Integer.parseInt(semicolon < 0 ? size : size.substring(0, semicolon), 16);
      if (length == 0) {
        return Headers.parse(readLines());
      }
      readInto(target, length);
      String end = readLine();
      if (!end.isEmpty()) {
        throw new IOException("behind a chunk: " + end);
      }
    }
  }

  void readToEndInto(ByteArrayOutputStream target) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      target.write(buffer, 0, count);
    }
  }

  private static final class Recording extends FilterInputStream {
    private final ByteArrayOutputStream seen;

    Recording(InputStream source, ByteArrayOutputStream seen) {
      super(source);
      this.seen = seen;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) {
        seen.write(b);
      }
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count > 0) {
        seen.write(target, offset, count);
      }
      return count;
    }
  }
}
