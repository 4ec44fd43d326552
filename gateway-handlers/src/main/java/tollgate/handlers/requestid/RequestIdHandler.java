package tollgate.handlers.requestid;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.LoopRandom;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.ReceivedFields;

/**
 * Gives every exchange its request id: the client's {@code X-Request-Id}, else its {@code
 * activityid}, else a new UUID. Backend and client get it in both fields. Event loop only.
 *
 * <p>A client's id is taken if its field is there once and holds 1 to 128 letters, digits or {@code
 * -._~:/+=@}: nothing that could break a log line, a header or a query apart.
 */
public final class RequestIdHandler implements Handler {
  static final int MAX_LENGTH = 128;
  private static final int UUID_LENGTH = 36;
  static final FieldName X_REQUEST_ID = FieldName.of("X-Request-Id");
  static final FieldName ACTIVITY_ID = FieldName.of("activityid");

  /** What some servers take for {@link #X_REQUEST_ID}. */
  private static final FieldName[] TWINS = {
    FieldName.of("X_Request_Id"), FieldName.of("X-Request_Id"), FieldName.of("X_Request-Id")
  };

  private static final boolean[] ALLOWED = new boolean[128];

  static {
    for (char c = 0; c < ALLOWED.length; c++) {
      ALLOWED[c] = Character.isLetterOrDigit(c) || "-._~:/+=@".indexOf(c) >= 0;
    }
  }

  private final LoopRandom random;

  /** Where each loop writes an id before it becomes text. */
  private final byte[][] room;

  private RequestIdHandler(int loopCount) {
    this.random = LoopRandom.create(loopCount);
    this.room = new byte[loopCount][UUID_LENGTH];
  }

  public static RequestIdHandler create(HandlerContext context) {
    return new RequestIdHandler(context.loopCount());
  }

  @Override
  public String name() {
    return "requestId";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    Fields fields = exchange.request().fields();
    String id = given(fields.received());
    if (id == null) {
      id = newId(exchange);
    }
    exchange.requestId(id);
    for (FieldName twin : TWINS) {
      fields.remove(twin);
    }
    fields.set(X_REQUEST_ID, id);
    fields.set(ACTIVITY_ID, id);
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    Fields fields = requireNonNull(exchange.response()).fields();
    fields.set(X_REQUEST_ID, exchange.requestId());
    fields.set(ACTIVITY_ID, exchange.requestId());
    return Verdict.Proceed.PROCEED;
  }

  private static @Nullable String given(ReceivedFields received) {
    String id = given(received, X_REQUEST_ID);
    return id != null ? id : given(received, ACTIVITY_ID);
  }

  private static @Nullable String given(ReceivedFields received, FieldName name) {
    int index = received.indexOf(name, 0);
    if (index < 0 || received.indexOf(name, index + 1) >= 0) {
      return null;
    }
    String id = received.value(index);
    return isWellFormed(id) ? id : null;
  }

  private static boolean isWellFormed(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c >= ALLOWED.length || !ALLOWED[c]) {
        return false;
      }
    }
    return true;
  }

  /** RFC 9562 section 5.4: version 4, variant 10. */
  private String newId(Exchange exchange) {
    long high = (random.nextLong(exchange.loop()) & ~0xf000L) | 0x4000L;
    long low = (random.nextLong(exchange.loop()) >>> 2) | (1L << 63);
    byte[] text = room[exchange.loop().index()];
    LoopRandom.hex(high, text, 2);
    System.arraycopy(text, 2, text, 0, 8);
    System.arraycopy(text, 10, text, 9, 4);
    LoopRandom.hex(low, text, 20);
    System.arraycopy(text, 20, text, 19, 4);
    text[8] = '-';
    text[13] = '-';
    text[18] = '-';
    text[23] = '-';
    return new String(text, ISO_8859_1);
  }
}
