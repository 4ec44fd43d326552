package tollgate.core.chain;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Attempt;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.Key;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.http.ForwardedFacts;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.message.MessageFormats;
import tollgate.core.port.Loop;

/** The state of one exchange that handlers may see. Event loop only. */
final class RunningExchange implements Exchange {
  private static final @Nullable Object[] NO_VALUES = {};

  private final ClientConnection connection;
  private final RequestHead request;
  private final Loop loop;
  private final long startNanos;
  private InetAddress clientAddress;
  private @Nullable ForwardedFacts forwarded;
  private @Nullable Object[] values = NO_VALUES;
  private String requestId = "";
  private RouteHandle route = RouteHandle.NONE;
  private List<String> captures = List.of();
  private boolean isPreflight;
  private MessageFormats formats = MessageFormats.NONE;
  private @Nullable Attempt attempt;
  private @Nullable ResponseHead response;
  private @Nullable ResponseOrigin responseOrigin;

  RunningExchange(ReceivedRequest received, ClientConnection connection, Loop loop) {
    this.connection = connection;
    this.request = RequestHead.over(received);
    this.loop = loop;
    this.startNanos = loop.ticker().nanos();
    this.clientAddress = connection.peerAddress();
  }

  void matched(RouteHandle route, List<String> captures, boolean isPreflight) {
    this.route = route;
    this.captures = captures;
    this.isPreflight = isPreflight;
  }

  void attempt(@Nullable Attempt attempt) {
    this.attempt = attempt;
  }

  void response(ResponseHead response, ResponseOrigin origin) {
    this.response = response;
    this.responseOrigin = origin;
  }

  @Override
  public ClientConnection connection() {
    return connection;
  }

  @Override
  public InetAddress clientAddress() {
    return clientAddress;
  }

  @Override
  public void clientAddress(InetAddress address) {
    this.clientAddress = address;
  }

  @Override
  public ForwardedFacts forwarded() {
    ForwardedFacts facts = forwarded;
    if (facts == null) {
      ReceivedRequest received = request.received();
      facts =
          new ForwardedFacts(
              received.scheme(), received.authority(), connection.local().getPort(), null);
      forwarded = facts;
    }
    return facts;
  }

  @Override
  public void forwarded(ForwardedFacts facts) {
    this.forwarded = facts;
  }

  @Override
  public RequestHead request() {
    return request;
  }

  @Override
  public @Nullable ResponseHead response() {
    return response;
  }

  @Override
  public @Nullable ResponseOrigin responseOrigin() {
    return responseOrigin;
  }

  @Override
  public RouteHandle route() {
    return route;
  }

  @Override
  public List<String> captures() {
    return captures;
  }

  @Override
  public boolean isPreflight() {
    return isPreflight;
  }

  @Override
  public @Nullable Attempt attempt() {
    return attempt;
  }

  @Override
  public MessageFormats formats() {
    return formats;
  }

  void formats(MessageFormats ofRoute) {
    formats = ofRoute;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public long startNanos() {
    return startNanos;
  }

  @Override
  @SuppressWarnings(
      "unchecked") // set stores a T in the slot of a Key<T>, and no other key has the slot
  public <T> @Nullable T get(Key<T> key) {
    int slot = key.slot();
    return slot < values.length ? (T) values[slot] : null;
  }

  @Override
  public <T> void set(Key<T> key, T value) {
    int slot = key.slot();
    if (slot >= values.length) {
      values = Arrays.copyOf(values, Math.max(8, slot + 4));
    }
    values[slot] = value;
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public void requestId(String requestId) {
    this.requestId = requestId;
  }
}
