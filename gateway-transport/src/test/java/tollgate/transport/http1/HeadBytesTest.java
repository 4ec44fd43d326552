package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;

/** Heads are written where there is room for so much and no more. */
class HeadBytesTest {
  private static final String LONG = "x".repeat(20_000);

  @Test
  void ofAResponse() {
    ResponseHead head = ResponseHead.of(511);
    head.fields().add(FieldName.of("X-Long"), LONG);
    ByteBuf out = Unpooled.buffer();
    Http1Writer.response(out, head, Long.MAX_VALUE, false, true);
    assertThat(out.readableBytes()).isLessThanOrEqualTo(Http1Writer.mostBytes(head.fields()));
  }

  @Test
  void ofARequest() {
    RequestHead head =
        RequestHead.over(
            new ReceivedRequest(
                "h2", Method.DELETE, "https", "a", "/", null, ReceivedFields.NONE, 0, false));
    head.path("/" + LONG);
    head.query(LONG);
    head.authority("a".repeat(2000));
    head.fields().add(FieldName.of("X-Long"), LONG);
    ByteBuf out = Unpooled.buffer();
    Http1Writer.request(out, head, Long.MAX_VALUE);
    assertThat(out.readableBytes()).isLessThanOrEqualTo(Http1Writer.mostBytes(head));
  }

  @Test
  void ofTrailers() {
    var trailers = new Trailers(List.of(new Trailers.Line("x-long", LONG)));
    ByteBuf out = Unpooled.buffer();
    Http1Writer.lastChunk(out, trailers);
    assertThat(out.readableBytes()).isLessThanOrEqualTo(Http1Writer.mostBytes(trailers));
  }
}
