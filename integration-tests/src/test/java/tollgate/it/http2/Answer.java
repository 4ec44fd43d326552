package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Headers;

/** What has come on one stream. Written by the client's thread. */
final class Answer {
  // RFC 9113 section 8.2.2.
  private static final Set<String> OF_A_CONNECTION =
      Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");

  private final int stream;
  private final List<Headers> informational = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable Headers head;
  private @Nullable Headers trailers;
  private @Nullable ErrorCode reset;
  private boolean isEnded;

  Answer(int stream) {
    this.stream = stream;
  }

  /** 0 before its head came. */
  int status() {
    return head == null ? 0 : status(head);
  }

  private static int status(Headers fields) {
    return Integer.parseInt(String.valueOf(fields.first(":status")));
  }

  Headers headers() {
    return head == null ? Headers.NONE : head;
  }

  Headers trailers() {
    return trailers == null ? Headers.NONE : trailers;
  }

  List<Headers> informational() {
    return informational;
  }

  byte[] body() {
    return body.toByteArray();
  }

  int bodyLength() {
    return body.size();
  }

  String text() {
    return Bytes.text(body());
  }

  /** Why the server reset it, or null if it did not. */
  @Nullable ErrorCode reset() {
    return reset;
  }

  /** Whether its end came, which a reset is not. */
  boolean isEnded() {
    return isEnded;
  }

  boolean isOver() {
    return isEnded || reset != null;
  }

  void fields(Headers fields, boolean isLast) {
    assertThat(isEnded).as("HEADERS behind the end: %s", this).isFalse();
    for (Headers.Line line : fields.lines()) {
      assertThat(line.name()).isEqualTo(line.name().toLowerCase(Locale.ROOT)).isNotEmpty();
      assertThat(OF_A_CONNECTION).as("fields of an answer").doesNotContain(line.name());
    }
    if (head == null) {
      // RFC 9113 section 8.3.2: one pseudo-field, in front.
      assertThat(fields.names().getFirst()).isEqualTo(":status");
      assertThat(fields.all(":status")).hasSize(1);
    }
    long pseudo = fields.names().stream().filter(name -> name.startsWith(":")).count();
    assertThat(pseudo).as("pseudo-fields of %s", fields).isEqualTo(head == null ? 1 : 0);
    if (head != null) {
      assertThat(isLast).as("trailers end the stream").isTrue();
      trailers = fields;
    } else if (status(fields) / 100 == 1) {
      assertThat(isLast).as("an informational answer is not the last").isFalse();
      informational.add(fields);
    } else {
      head = fields;
    }
    isEnded = isLast;
  }

  void data(byte[] content, boolean isLast) {
    assertThat(head).as("DATA behind a head: %s", this).isNotNull();
    assertThat(isEnded).as("DATA behind the end: %s", this).isFalse();
    body.writeBytes(content);
    isEnded = isLast;
  }

  void reset(ErrorCode code) {
    reset = code;
  }

  @Override
  public String toString() {
    return "stream "
        + stream
        + ": "
        + (head == null ? "no head" : head.lines())
        + ", "
        + body.size()
        + " octets"
        + (status() >= 400 ? " " + text() : "")
        + (isEnded ? ", ended" : "")
        + (reset == null ? "" : ", " + reset);
  }
}
