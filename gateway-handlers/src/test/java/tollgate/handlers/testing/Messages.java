package tollgate.handlers.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import tollgate.core.chain.MessageRules;
import tollgate.core.fault.FaultStyle;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.Method;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.PayloadLimits;
import tollgate.core.port.Offload;
import tollgate.core.testkit.FakeUpstream;
import tollgate.core.testkit.TestExchange;

/** Exchanges whose messages are built, with one step of a policy. */
public final class Messages {
  private static final MessageRules RULES =
      new MessageRules(
          MessageFormats.builtIn(), PayloadLimits.DEFAULT, Offload.here(), FaultStyle.PROBLEM);

  private Messages() {}

  /** Not started yet. */
  public static <O> TestExchange with(
      Method method, String target, HandlerType<O> type, Side listed, String step) {
    O options =
        listed == Side.REQUEST
            ? PolicyText.options(type.options().type(), step)
            : PolicyText.responseOptions(type.options().type(), step);
    return TestExchange.request(method, target)
        .messages(RULES)
        .handler(Stage.CONTENT, type.create(options, listed, OneLoop.CONTEXT), type.runs(listed));
  }

  /** What the backend got of a POST through a step of the request list. */
  public static <O> FakeUpstream.Call sent(
      HandlerType<O> type, String step, String contentType, String body) {
    return post(type, step, contentType, body).upstream().call();
  }

  /** A POST through a step of the request list. */
  public static <O> TestExchange post(
      HandlerType<O> type, String step, String contentType, String body) {
    TestExchange exchange =
        with(Method.POST, "/api/x?lang=de", type, Side.REQUEST, step)
            .field("Content-Type", contentType)
            .field("X-Tenant", "acme")
            .body(body.getBytes(UTF_8).length)
            .start()
            .send(body)
            .sendEnd();
    exchange.loop().runTasks();
    return exchange;
  }

  /** A GET whose answer goes through a step of the response list. */
  public static <O> TestExchange answered(
      HandlerType<O> type, String step, int status, String contentType, String body) {
    TestExchange exchange =
        with(Method.GET, "/api/x?lang=de", type, Side.RESPONSE, step)
            .field("X-Tenant", "acme")
            .start();
    exchange
        .upstream()
        .call()
        .answer(status, body, "Content-Type", contentType, "X-Trace", "t1", "ETag", "\"1\"");
    exchange.loop().runTasks();
    return exchange;
  }
}
