package tollgate.handlers.respond;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;

/** Answers every request with one response, made when the API is loaded. Event loop only. */
final class RespondHandler implements Handler {
  private final Verdict answer;

  RespondHandler(RespondOptions options) {
    this.answer = new Verdict.Reply(reply(options));
  }

  @Override
  public String name() {
    return RespondHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    return answer;
  }

  private static LocalReply reply(RespondOptions options) {
    String contentType = contentType(options);
    byte[] body = options.body().getBytes(UTF_8);
    LocalReply reply =
        contentType == null
            ? LocalReply.of(options.status())
            : LocalReply.of(options.status(), contentType, body);
    for (Map.Entry<FieldName, String> field : options.headers().entrySet()) {
      reply = reply.with(field.getKey(), field.getValue());
    }
    return reply;
  }

  /** A status without a body may have the type of the body there would be: RFC 9110 section 8.3. */
  private static @Nullable String contentType(RespondOptions options) {
    String given = options.contentType();
    return given == null && !options.body().isEmpty() ? RespondOptions.TEXT : given;
  }
}
