package tollgate.core.chain;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.exchange.Attempt;
import tollgate.core.exchange.Ending;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.FaultFormat;
import tollgate.core.fault.FaultStyle;
import tollgate.core.fault.Outcome;
import tollgate.core.grpc.GrpcCaller;
import tollgate.core.grpc.GrpcFields;
import tollgate.core.handler.Body;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Message;
import tollgate.core.handler.Side;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Forwarding;
import tollgate.core.http.HopByHop;
import tollgate.core.http.Method;
import tollgate.core.http.Owned;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.NoPermitException;
import tollgate.core.port.RequestEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;
import tollgate.core.route.Match;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.telemetry.TunnelEnd.By;
import tollgate.core.upstream.HashKey;
import tollgate.core.upstream.RetryCause;
import tollgate.core.upstream.Target;
import tollgate.core.upstream.Upstream;
import tollgate.core.websocket.Handshake;
import tollgate.core.websocket.WebSocketRules;

/**
 * Takes one exchange through its chain. Event loop only. One thing of more than 400 lines, because
 * it is one state machine:
 *
 * <pre>
 *   LISTENING --match--> DECIDING --> ATTEMPTING --response head--> ANSWERING --> SENDING --> ENDED
 *       |                   |             | failure                    ^
 *       +-------------------+-------------+----- reply ----------------+
 * </pre>
 *
 * <p>{@code position} is the handler whose turn it is: upwards until the answer, downwards after.
 * Invariants: a handler's {@code onEnd} is called exactly once if {@code entered} has its bit; the
 * client's head is sent at most once; after ENDED nothing is sent and what still comes is released;
 * at most one {@link Verdict.Later} is awaited.
 */
final class ChainRun implements RequestEvents {
  private static final Logger LOG = LoggerFactory.getLogger(ChainRun.class);

  private static final int SWITCHING = 101;

  /** Through which a call of gRPC-Web is answered: what counts messages, and what makes them. */
  private static final int WEB_FILTERS = 2;

  private static final Target IN_PROCESS = Target.of(0, "http", "in-process", 80, 1);

  private enum Phase {
    LISTENING,
    DECIDING,
    ATTEMPTING,
    ANSWERING,
    SENDING,
    ENDED
  }

  private enum Step {
    REQUEST_HEAD,
    REQUEST_BODY,
    REQUEST_MESSAGE,
    RESPONSE_HEAD,
    RESPONSE_BODY,
    RESPONSE_MESSAGE
  }

  // Links of LoopTraffic, and what it counts this run in.
  @Nullable ChainRun next;
  @Nullable ChainRun previous;
  LoopTraffic.@Nullable Share share;

  private Site site;
  private final RunningExchange exchange;
  private final ClientStream client;
  private BodyFlow requestFlow;
  private final ExchangeTimes times;
  private BodyFlow responseFlow;
  private Chain chain;
  private Phase phase = Phase.LISTENING;
  private int position;
  private int stop;
  private final EnteredHandlers entered = new EnteredHandlers();
  private @Nullable Fault malformed;
  private @Nullable CompiledRoute route;
  private @Nullable AttemptRun attempt;
  private int attempts;
  private boolean isInformed;
  private final long generation;
  private boolean isHeadSent;
  private boolean isStreaming;
  private boolean closeAfter;
  private @Nullable Fault fault;
  private @Nullable LocalReply unmatched;

  /** Of the API that owns the path, once it is known. */
  private FaultStyle faults;

  private boolean isTunnelAsked;

  /** Null until a handler asks for a message. */
  private @Nullable BuiltMessages messages;

  private @Nullable Handshake handshake;

  /** Null until a backend has answered 101 and the client has been told. */
  private @Nullable Tunnel tunnel;

  private final GrpcCaller caller;

  /** Null where the caller speaks no gRPC, and until a route is found. */
  private @Nullable GrpcCall grpc;

  /** Null until a handler decides later. */
  private @Nullable PendingDecision decision;

  ChainRun(Site site, RunningExchange exchange, ClientStream client) {
    this.site = site;
    this.generation = site.generation();
    this.exchange = exchange;
    this.client = client;
    this.chain = site.listenerChain();
    this.stop = chain.handlers.length;
    this.times = new ExchangeTimes(exchange.startNanos());
    this.requestFlow = new RequestFlow(this, client);
    this.responseFlow = new ResponseFlow(this, client);
    this.faults = site.faults();
    this.caller = GrpcCaller.of(exchange.request().received());
  }

  // ---- the request's way up the chain

  void begin(@Nullable Fault malformed) {
    this.malformed = malformed;
    this.closeAfter = malformed != null;
    counted();
    ReceivedRequest received = exchange.request().received();
    if (received.bodyLength() == BodyLength.ABSENT
        || received.bodyLength() == 0
        || malformed != null) {
      requestFlow.expectNothing(received.bodyLength());
    } else {
      requestFlow.expect(received.bodyLength(), site.maxBodyBytes());
    }
    if (malformed == null) { // else it goes nowhere, and may hold more options than a head may
      HopByHop.stripRequest(exchange.request().fields());
    }
    runRequest();
  }

  private void counted() {
    site.inFlight().begun(loop().index());
    site.traffic().on(loop().index()).begun(this);
    site.telemetry().started(loop().index(), exchange.connection().listener());
  }

  /** Instead of {@link #begin}: the client is gone already. */
  void takenBack() {
    counted();
    end(Outcome.CLIENT_CLOSED);
  }

  private void runRequest() {
    for (; ; ) {
      if (position == stop) {
        if (!goOn()) {
          return;
        }
        continue; // the next stretch may be empty too
      }
      Handler handler = chain.handlers[position];
      if (!entered.enter(handler, position, exchange)
          || !chain.sides[position].sees(Side.REQUEST)) {
        position++;
        continue;
      }
      Verdict verdict;
      try {
        verdict = handler.onRequest(exchange);
      } catch (RuntimeException | LinkageError e) {
        failed(e, position);
        return;
      }
      if (!proceeds(verdict, Step.REQUEST_HEAD) || !afterRequestHead(handler)) {
        return;
      }
    }
  }

  /** Whether the handler after this one is to be asked now. */
  private boolean afterRequestHead(Handler handler) {
    if (position >= chain.upstreamStart || isTunnelAsked) {
      position++;
      return true;
    }
    BodyUse use;
    try {
      use = handler.requestBody(exchange);
    } catch (RuntimeException | LinkageError e) {
      failed(e, position);
      return false;
    }
    return switch (use) {
      case BodyUse.Untouched _ -> {
        position++;
        yield true;
      }
      case BodyUse.Chunks chunks -> {
        requestFlow.addFilter(chunks.filter(), position++);
        yield messages == null || writeMessage(Side.REQUEST, this::runRequest);
      }
      case BodyUse.Whole whole -> {
        if (writeMessage(Side.REQUEST, () -> requestFlow.collect(whole.maxBytes()))) {
          requestFlow.collect(whole.maxBytes());
        }
        yield false;
      }
      case BodyUse.Built built -> {
        build(Side.REQUEST, built);
        yield false;
      }
    };
  }

  /**
   * At the end of a stretch of handlers: finds the route, then the target, then sets out. Whether
   * there are handlers to ask now.
   */
  private boolean goOn() {
    return switch (phase) {
      case LISTENING -> match();
      case DECIDING -> forward();
      case ATTEMPTING -> {
        requireNonNull(attempt).start();
        yield false;
      }
      case ANSWERING, SENDING, ENDED -> false;
    };
  }

  private boolean match() {
    phase = Phase.DECIDING;
    ReceivedRequest received = exchange.request().received();
    Fault bad = malformed;
    if (bad == null && !received.method().isRegistered()) {
      bad = Fault.of(FaultCode.METHOD_UNKNOWN, "The request method is not known.");
    }
    Match<CompiledRoute> match =
        bad != null
            ? new Match.Malformed<>(bad)
            : site.routes()
                .match(received.authority(), received.path(), received.method(), preflightMethod());
    switch (match) {
      case Match.Operation<CompiledRoute> operation -> {
        if (!site.traffic().on(loop().index()).admits(this, operation.route().handle())) {
          shed(operation);
          return false;
        }
        matched(operation);
        return admitted(operation);
      }
      case Match.PathOnly<CompiledRoute> pathOnly -> {
        Fault refusal =
            Fault.of(
                FaultCode.METHOD_NOT_ALLOWED, "The resource does not have this method; see Allow.");
        unmatched(pathOnly.api(), LocalReply.of(refusal).with(FieldName.ALLOW, pathOnly.allow()));
        return true;
      }
      case Match.None<CompiledRoute> none -> {
        CompiledRoute owner = none.api();
        if (owner == null) {
          refuse(FaultCode.NO_ROUTE, "The requested resource is not available.");
        } else {
          Fault refusal =
              Fault.of(FaultCode.NO_RESOURCE, "No matching resource found for the request.");
          unmatched(owner, LocalReply.of(refusal));
          return true;
        }
      }
      case Match.Malformed<CompiledRoute> refused ->
          reply(LocalReply.of(refused.fault()), position);
    }
    return false;
  }

  /** What the API itself does to its refusals comes first: pages of other origins may read them. */
  private void unmatched(CompiledRoute api, LocalReply refusal) {
    exchange.matched(api.handle(), List.of(), false);
    faults = api.messages().faults();
    chain = api.chain();
    stop = chain.upstreamStart;
    unmatched = refusal;
  }

  private void matched(Match.Operation<CompiledRoute> operation) {
    CompiledRoute found = operation.route();
    route = found;
    chain = found.chain();
    stop = chain.upstreamStart;
    exchange.matched(found.handle(), operation.captures(), operation.isPreflight());
    exchange.formats(found.messages().formats());
    faults = found.messages().faults();
    isTunnelAsked =
        found.websocket() != null && Handshake.isAskedFor(exchange.request().received());
    int context = found.handle().context().length();
    if (found.stripContext() && context > 0) {
      RequestHead head = exchange.request();
      String path = head.path();
      head.path(path.length() == context ? "/" : path.substring(context));
    }
  }

  /** Whether what the head says of body and deadline lets the request go on. */
  private boolean admitted(Match.Operation<CompiledRoute> operation) {
    ReceivedRequest received = exchange.request().received();
    if (operation.route().stream() == StreamKind.GRPC) {
      requestFlow.lift(); // its messages are bounded, and there may be any number of them
    } else if (received.bodyLength() > site.maxBodyBytes()) {
      refuse(FaultCode.BODY_TOO_LARGE, "The request body is larger than the listener allows.");
      return false;
    }
    if (caller == GrpcCaller.NONE) {
      return true;
    }
    GrpcCall call = new GrpcCall(loop(), operation.route().grpc());
    grpc = call;
    Fault refusal = call.start(exchange.request(), exchange.startNanos(), this::deadlineExceeded);
    if (refusal != null) {
      reply(LocalReply.of(refusal), position);
    }
    return refusal == null;
  }

  private void deadlineExceeded() {
    reply(LocalReply.of(GrpcCall.exceeded()), position);
  }

  /** Says that the gateway has too much to do, and looks at this client less often for a while. */
  private void shed(Match.Operation<CompiledRoute> operation) {
    exchange.matched(operation.route().handle(), operation.captures(), operation.isPreflight());
    client.rest();
    reply(site.traffic().shedReply(), position);
  }

  private @Nullable String preflightMethod() {
    RequestHead head = exchange.request();
    return head.method().equals(Method.OPTIONS) && head.fields().contains(FieldName.ORIGIN)
        ? head.fields().first(FieldName.ACCESS_CONTROL_REQUEST_METHOD)
        : null;
  }

  private boolean forward() {
    LocalReply refusal = unmatched;
    if (refusal != null) {
      reply(refusal, position);
      return false;
    }
    if (exchange.isPreflight()) {
      // Nothing in the chain answered it, and the backend must not.
      refuse(FaultCode.METHOD_NOT_ALLOWED, "Cross-origin requests are not allowed here.");
      return false;
    }
    GrpcCall call = grpc;
    Fault unfit = null;
    if (call != null) {
      unfit = call.settled(exchange.request());
    } else if (requireNonNull(route).grpc() != null) {
      unfit = GrpcCall.notGrpc();
    }
    if (unfit != null) {
      reply(LocalReply.of(unfit), position);
      return false;
    }
    return isHandshakeRight()
        && (messages == null || writeMessage(Side.REQUEST, this::setOutLater))
        && setOut();
  }

  private void setOutLater() {
    if (setOut()) {
      runRequest();
    }
  }

  /** The request is what the backend is to get. Whether there are handlers to ask now. */
  private boolean setOut() {
    phase = Phase.ATTEMPTING;
    GrpcCall call = grpc;
    ChunkFilter messages = call == null ? null : call.requests();
    if (messages != null) {
      requestFlow.addFilter(messages, position);
    }
    Forwarding.apply(
        exchange.request(),
        exchange.forwarded(),
        exchange.connection().peerText(),
        exchange.forwarded().host());
    WebSocketRules rules = requireNonNull(route).websocket();
    if (isTunnelAsked && rules != null) {
      handshake = Handshake.offer(exchange.request(), rules);
    } else {
      int heldBack = requestFlow.heldBackBytes(Side.REQUEST);
      if (heldBack > 0) {
        requestFlow.hold(heldBack);
        return false;
      }
    }
    return startAttempt();
  }

  /**
   * Or it has been answered. Asked last, so that nobody learns here what the chain keeps secret.
   */
  private boolean isHandshakeRight() {
    ReceivedRequest received = exchange.request().received();
    if (!Handshake.isAskedFor(received)) {
      return true;
    }
    WebSocketRules rules = requireNonNull(route).websocket();
    if (rules == null) {
      refuse(FaultCode.UPGRADE_REFUSED, "There are no WebSockets here.");
      return false;
    }
    LocalReply refusal = Handshake.refusal(received, rules, exchange.forwarded().host());
    if (refusal != null) {
      reply(refusal, position);
    }
    return refusal == null;
  }

  /** Picks a target; its UPSTREAM handlers come next, and then the connection. */
  private boolean startAttempt() {
    CompiledRoute found = requireNonNull(route);
    AttemptRun last = attempt;
    Target target =
        switch (found.backend()) {
          case Backend.Remote remote ->
              pick(remote.upstream(), last == null ? null : last.attempt().target());
          case Backend.Local _ -> IN_PROCESS;
        };
    if (target == null) {
      refuse(FaultCode.NO_HEALTHY_UPSTREAM, "No backend is available.");
      return false;
    }
    RequestHead head = exchange.request().copy();
    if (!found.preserveHost() && !head.isAuthorityChanged()) {
      head.authority(target.authority());
    }
    GrpcCall call = grpc;
    if (call != null && !call.prepare(head)) {
      deadlineExceeded();
      return false;
    }
    Attempt next = new Attempt(++attempts, found.backend().name(), target, head);
    exchange.attempt(next);
    long now = nanos();
    attempt = new AttemptRun(this, found, next, now);
    if (attempts == 1) {
      times.asked(now);
    }
    position = chain.upstreamStart;
    stop = chain.handlers.length;
    return true;
  }

  private @Nullable Target pick(Upstream upstream, @Nullable Target avoid) {
    HashKey key = upstream.hashKey();
    long hash = key == null ? HashKey.NONE : key.of(exchange.request(), exchange.clientAddress());
    return upstream.pick(loop().index(), hash, avoid);
  }

  // ---- what the attempt tells

  void attemptConnected(AttemptRun connected, UpstreamStream stream) {
    if (isTunnelAsked) {
      stream.sendHead(connected.attempt().head(), BodyLength.TUNNEL);
    } else {
      stream.sendHead(connected.attempt().head(), requestFlow.outgoingLength());
      requestFlow.flow();
    }
    if ((isTunnelAsked || !requestFlow.isEnded()) && !client.isTelling()) {
      stream.flush();
    }
  }

  void attemptInformed(ResponseHead head) {
    // 100 is between us and the backend; we have answered the client's expectation ourselves.
    if (phase == Phase.ATTEMPTING && head.status() != 100) {
      HopByHop.stripResponse(head.fields());
      isInformed = true;
      client.sendInformational(head);
    }
  }

  void attemptAnswered(AttemptRun answered, ResponseHead head) {
    times.answered(nanos());
    if (head.status() == SWITCHING && !isSwitchRight(answered, head)) {
      return;
    }
    HopByHop.stripResponse(head.fields());
    exchange.response(head, ResponseOrigin.UPSTREAM);
    responseFlow.expect(head.bodyLength(), Long.MAX_VALUE);
    GrpcCall call = grpc;
    ChunkFilter messages = call == null ? null : call.answered(head);
    if (messages != null) {
      responseFlow.addFilter(messages, chain.handlers.length);
    }
    position = chain.handlers.length - 1;
    runResponse();
  }

  /** Or it has been answered in the backend's place. */
  private boolean isSwitchRight(AttemptRun answered, ResponseHead head) {
    Handshake asked = handshake;
    String problem = asked == null ? "101 was not asked for" : asked.problem(head);
    if (problem == null) {
      return true;
    }
    LOG.debug("{}: {}: {}", exchange.requestId(), answered.attempt().target().label(), problem);
    Fault refusal =
        Fault.of(
            FaultCode.UPSTREAM_PROTOCOL,
            "The backend's answer to the handshake is not valid.",
            problem);
    reply(LocalReply.of(refusal), position);
    return false;
  }

  void responseChunk(@Owned ByteBuf chunk) {
    responseFlow.onChunk(chunk);
  }

  void responseEnded(Trailers trailers) {
    times.upstreamEnded(nanos());
    times.isNow(true);
    GrpcCall call = grpc;
    Fault lack = call == null ? null : call.judge(trailers);
    if (lack == null) {
      responseFlow.onEnd(trailers);
    } else {
      fault = lack;
      responseFlow.onEnd(GrpcCall.completed(trailers, lack));
    }
    times.isNow(false);
  }

  /** Whether the backend has been sent all of the request. */
  boolean isRequestSent() {
    return isTunnelAsked ? tunnel == null : requestFlow.isDone();
  }

  /** Null unless the exchange is one by now. */
  @Nullable Tunnel tunnel() {
    return tunnel;
  }

  /** The tunnel has told both sides what it had to tell them. */
  void tunnelOver(Outcome outcome, @Nullable Fault why) {
    fault = why;
    client.sendEnd(Trailers.NONE);
    end(outcome);
  }

  void flushClient() {
    if (isHeadSent) {
      client.flush();
    }
  }

  void upstreamWritable() {
    requestFlow.onSinkWritable();
  }

  /**
   * Whether another attempt is to take this one's place before anybody sees its answer; if so, the
   * retry has been paid for.
   */
  boolean isToBeRetried(AttemptRun answered, Upstream upstream, ResponseHead head) {
    return mayRetry()
        && upstream
            .retry()
            .allows(attempts, head.status(), exchange.request().method(), requestFlow.sent() > 0)
        // Who says when to come back is not asked before.
        && (!head.fields().contains(FieldName.RETRY_AFTER)
            || upstream.hasOther(answered.attempt().target()))
        && upstream.tryRetry(loop().index());
  }

  /** Nothing of an answer has been passed on, not even of an informational one. */
  private boolean mayRetry() {
    return phase == Phase.ATTEMPTING && !isInformed;
  }

  void retry(AttemptRun last, Upstream upstream, RetryCause cause) {
    site.telemetry().retried(loop().index(), upstream.name(), cause.word());
    LOG.debug(
        "{}: {} is not the last try: {}",
        exchange.requestId(),
        last.attempt().target().label(),
        cause);
    requestFlow.rewind();
    if (startAttempt()) {
      runRequest();
    }
  }

  void attemptFailed(AttemptRun failed, UpstreamFailure failure) {
    times.upstreamEnded(nanos());
    Tunnel open = tunnel;
    if (open != null) {
      open.backendEnded(
          Fault.of(
              UpstreamFaults.code(failure.kind()),
              UpstreamFaults.detail(failure.kind()),
              failure.cause()));
      return;
    }
    RetryCause cause = UpstreamFaults.retryCause(failure.kind());
    if (cause != null
        && requireNonNull(route).backend() instanceof Backend.Remote remote
        && mayRetry()
        && remote
            .upstream()
            .retry()
            .allows(attempts, cause, exchange.request().method(), requestFlow.sent() > 0)
        && remote.upstream().tryRetry(loop().index())) {
      retry(failed, remote.upstream(), cause);
      return;
    }
    Fault refusal =
        Fault.of(
            UpstreamFaults.code(failure.kind()),
            UpstreamFaults.detail(failure.kind()),
            failure.cause());
    LOG.debug(
        "{}: {} failed: {} {}",
        exchange.requestId(),
        failed.attempt().target().label(),
        failure.kind(),
        failure.cause());
    reply(LocalReply.of(refusal), position);
  }

  // ---- the answer's way down the chain

  /**
   * Puts an answer of ours in place of whatever was going on; handlers below {@code from} see it as
   * their response.
   */
  private void reply(LocalReply reply, int from) {
    if (phase == Phase.ENDED) {
      return;
    }
    Fault refusal = reply.fault();
    Tunnel open = tunnel;
    if (open != null && refusal != null) {
      open.refused(refusal);
      return;
    }
    fault = refusal;
    if (isHeadSent) {
      if (refusal != null && endsWithStatus()) {
        endWithStatus(refusal);
      } else {
        cutShort(refusal == null ? Outcome.INTERNAL : refusal.code().outcome());
      }
      return;
    }
    dropDecision();
    BuiltMessages built = messages;
    if (built != null) {
      built.dropResponse();
    }
    phase = Phase.ANSWERING;
    giveUpAttempt(refusal == null ? Outcome.OK : refusal.code().outcome());
    requestFlow.close();
    responseFlow.close();
    responseFlow = new ResponseFlow(this, client);
    FaultFormat format =
        refusal == null
            ? FaultFormat.PROBLEM_JSON
            : LocalAnswers.format(faults, exchange.request().received().fields());
    ByteBuf body = LocalAnswers.body(reply, caller, format, exchange.requestId());
    exchange.response(
        LocalAnswers.head(reply, caller, format, body.readableBytes()), ResponseOrigin.LOCAL);
    responseFlow.expectLocal(body);
    position = from - 1;
    runResponse();
  }

  /** For a reason that is not in a handler. */
  void refuse(FaultCode code, String detail) {
    reply(LocalReply.of(Fault.of(code, detail)), position);
  }

  /** As the other {@code refuse}. */
  void refuse(Fault refusal) {
    reply(LocalReply.of(refusal), position);
  }

  /** The filter of the handler at {@code owner} does not let a body pass. */
  void refusedBy(Fault refusal, int owner) {
    reply(LocalReply.of(refusal), owner);
  }

  private void runResponse() {
    phase = Phase.ANSWERING;
    for (; position >= 0; position--) {
      if (!entered.has(position) || !chain.sides[position].sees(Side.RESPONSE)) {
        continue;
      }
      Handler handler = chain.handlers[position];
      Verdict verdict;
      try {
        verdict = handler.onResponse(exchange);
      } catch (RuntimeException | LinkageError e) {
        failed(e, position);
        return;
      }
      if (!proceeds(verdict, Step.RESPONSE_HEAD) || !afterResponseHead(handler)) {
        return;
      }
    }
    sendResponse();
  }

  private void runResponseOn() {
    position--;
    runResponse();
  }

  private boolean afterResponseHead(Handler handler) {
    if (isBodiless()) { // nothing reads into a tunnel either
      return true;
    }
    BodyUse use;
    try {
      use = handler.responseBody(exchange);
    } catch (RuntimeException | LinkageError e) {
      failed(e, position);
      return false;
    }
    return switch (use) {
      case BodyUse.Untouched _ -> true;
      case BodyUse.Chunks chunks -> {
        responseFlow.addFilter(chunks.filter(), position);
        yield messages == null || writeMessage(Side.RESPONSE, this::runResponseOn);
      }
      case BodyUse.Whole whole -> {
        if (writeMessage(Side.RESPONSE, () -> responseFlow.collect(whole.maxBytes()))) {
          responseFlow.collect(whole.maxBytes());
        }
        yield false;
      }
      case BodyUse.Built built -> {
        build(Side.RESPONSE, built);
        yield false;
      }
    };
  }

  /** RFC 9112 section 6.3: answers to HEAD, and 101, 204 and 304, end with their head. */
  private boolean isBodiless() {
    int status = requireNonNull(exchange.response()).status();
    return status == SWITCHING
        || status == 204
        || status == 304
        || exchange.request().method().equals(Method.HEAD);
  }

  private void sendResponse() {
    if (messages == null || isBodiless() || writeMessage(Side.RESPONSE, this::sendWritten)) {
      sendWritten();
    }
  }

  private void sendWritten() {
    if (!isBodiless()) {
      int heldBack = responseFlow.isEnded() ? 0 : responseFlow.heldBackBytes(Side.RESPONSE);
      if (heldBack > 0) {
        position =
            responseFlow.holder(Side.RESPONSE); // what fails meanwhile is answered from there
        responseFlow.hold(heldBack);
        return;
      }
    }
    sendSettled();
  }

  /** As much of a filtered response body has passed as must have before the client hears of it. */
  void responseHeld() {
    sendSettled();
  }

  private void sendSettled() {
    ResponseHead head = requireNonNull(exchange.response());
    if (!isBodiless()) {
      if (!responseFlow.settle()) {
        return;
      }
      head.bodyLength(responseFlow.outgoingLength());
    } else if (exchange.responseOrigin() == ResponseOrigin.LOCAL) {
      head.bodyLength(responseFlow.outgoingLength());
    }
    phase = Phase.SENDING;
    isHeadSent = true;
    CompiledRoute found = route;
    if (found != null && head.status() == SWITCHING) {
      openTunnel(found, head);
      return;
    }
    if (found != null
        && (found.stream() == StreamKind.SSE || found.stream() == StreamKind.GRPC)
        && exchange.responseOrigin() == ResponseOrigin.UPSTREAM) {
      streamBegun(found);
    }
    client.sendHead(head, closeAfter);
    responseFlow.flow();
  }

  private void openTunnel(CompiledRoute found, ResponseHead head) {
    streamBegun(found);
    client.sendHead(head, true);
    Tunnel opened =
        new Tunnel(
            this,
            client,
            requireNonNull(found.websocket()),
            Handshake.isDeflated(head) ? site.traffic().on(loop().index()).inflaters() : null);
    tunnel = opened;
    requestFlow = new RequestFlow(this, client);
    requestFlow.expect(BodyLength.TUNNEL, Long.MAX_VALUE);
    responseFlow.flow();
    if (phase != Phase.ENDED) {
      requestFlow.flow();
    }
  }

  private void streamBegun(CompiledRoute found) {
    isStreaming = true;
    site.traffic().streamBegun(found.handle(), found.stream());
    site.traffic().on(loop().index()).settled(this);
  }

  // ---- what becomes of it when the configuration changes

  /** The route it was admitted to; null before the match, where there is none, and for streams. */
  @Nullable RouteHandle admittedTo() {
    CompiledRoute found = route;
    return found == null || isStreaming ? null : found.handle();
  }

  /** Goes on under a newer generation that serves the same route, and lets go of its own. */
  void handOver(Function<String, Site> sites, Predicate<RouteHandle> isServed) {
    CompiledRoute found = route;
    if (found != null && isServed.test(found.handle())) {
      Site newer = sites.apply(exchange.connection().listener());
      site.inFlight().ended(loop().index());
      site = newer;
      newer.inFlight().begun(loop().index());
    }
  }

  /** Ends if it still runs under {@code last} or an older generation. */
  void outlived(long last) {
    if (site.generation() <= last) {
      refuse(FaultCode.ROUTE_REPLACED, "The API was changed or removed while the request ran.");
    }
  }

  /** Ends if {@code which} says so: its caller has lost a right it had. */
  void end(Predicate<? super Exchange> which, Fault why) {
    if (which.test(exchange)) {
      reply(LocalReply.of(why), position);
    }
  }

  // ---- verdicts

  /** Whether the chain goes on at once. */
  private boolean proceeds(Verdict verdict, Step step) {
    return switch (verdict) {
      case Verdict.Proceed _ -> true;
      case Verdict.Reply reply -> {
        reply(reply.reply(), position);
        yield false;
      }
      case Verdict.Later later -> {
        await(later, step);
        yield false;
      }
    };
  }

  private void await(Verdict.Later later, Step step) {
    if (step == Step.RESPONSE_HEAD) {
      responseFlow.pause();
    }
    int ticket = pendingDecision().await();
    var _ =
        later
            .decision()
            .whenComplete((decided, failure) ->
                loop().execute(() -> decided(ticket, step, decided, failure)));
  }

  PendingDecision pendingDecision() {
    PendingDecision pending = decision;
    if (pending == null) {
      pending = new PendingDecision(loop(), this::decisionTimedOut);
      decision = pending;
    }
    return pending;
  }

  private void dropDecision() {
    PendingDecision pending = decision;
    if (pending != null) {
      pending.drop();
    }
  }

  private void decisionTimedOut() {
    refuse(FaultCode.DECISION_TIMEOUT, "A check of the request took too long.");
  }

  private void decided(
      int ticket, Step step, Verdict.@Nullable Decided decided, @Nullable Throwable failure) {
    PendingDecision pending = requireNonNull(decision);
    if (!pending.isAwaited(ticket) || phase == Phase.ENDED) {
      return;
    }
    Body body = pending.forget();
    if (failure != null || decided == null) {
      if (body != null) {
        body.close();
      }
      notDecided(failure);
      return;
    }
    if (body != null) {
      (step == Step.REQUEST_BODY ? requestFlow : responseFlow).putBack(body);
    }
    if (proceeds(decided, step)) {
      resume(step);
    }
    if (isHeadSent && phase != Phase.ENDED) {
      client.flush();
    }
  }

  private void notDecided(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof NoPermitException) {
      refuse(FaultCode.NO_PERMIT, "The gateway has too much to do just now.");
    } else {
      failed(cause == null ? new NullPointerException("decision") : cause, position);
    }
  }

  private void resume(Step step) {
    switch (step) {
      case REQUEST_HEAD -> {
        if (afterRequestHead(chain.handlers[position])) {
          runRequest();
        }
      }
      case REQUEST_BODY, REQUEST_MESSAGE -> {
        showType(Side.REQUEST);
        position++;
        runRequest();
      }
      case RESPONSE_HEAD -> {
        if (afterResponseHead(chain.handlers[position])) {
          runResponseOn();
        }
      }
      case RESPONSE_BODY, RESPONSE_MESSAGE -> {
        showType(Side.RESPONSE);
        runResponseOn();
      }
    }
  }

  private void showType(Side side) {
    BuiltMessages built = messages;
    if (built != null) {
      built.showType(side);
    }
  }

  void requestCollected(Body body) {
    BuiltMessages building = messages;
    if (building == null || !building.takes(body, Side.REQUEST)) {
      collected(body, Step.REQUEST_BODY);
    }
  }

  void responseCollected(Body body) {
    BuiltMessages building = messages;
    if (building == null || !building.takes(body, Side.RESPONSE)) {
      collected(body, Step.RESPONSE_BODY);
    }
  }

  // ---- messages

  BodyFlow flow(Side side) {
    return side == Side.REQUEST ? requestFlow : responseFlow;
  }

  Fields fields(Side side) {
    return side == Side.REQUEST
        ? exchange.request().fields()
        : requireNonNull(exchange.response()).fields();
  }

  int responseStatus() {
    return requireNonNull(exchange.response()).status();
  }

  private void build(Side side, BodyUse.Built built) {
    BuiltMessages have = messages;
    if (have == null) {
      CompiledRoute found = requireNonNull(route, "only handlers of a route build");
      have = new BuiltMessages(this, found.messages());
      messages = have;
    }
    have.ask(side, built.maxBytes());
  }

  /** The handler whose turn it is sees it. */
  void tellMessage(Side side, Message message) {
    Handler handler = chain.handlers[position];
    Verdict verdict;
    try {
      verdict =
          side == Side.REQUEST
              ? handler.onRequestMessage(exchange, message)
              : handler.onResponseMessage(exchange, message);
    } catch (RuntimeException | LinkageError e) {
      failed(e, position);
      return;
    }
    Step step = side == Side.REQUEST ? Step.REQUEST_MESSAGE : Step.RESPONSE_MESSAGE;
    if (proceeds(verdict, step)) {
      resume(step);
    }
  }

  /** See {@link BuiltMessages#write}. */
  private boolean writeMessage(Side side, Runnable then) {
    BuiltMessages built = messages;
    return built == null || built.write(side, then);
  }

  /** As much of a filtered request body has passed as must have before the backend is asked. */
  void requestHeld() {
    if (startAttempt()) {
      runRequest();
    }
  }

  private void collected(Body body, Step step) {
    Handler handler = chain.handlers[position];
    Verdict verdict;
    try {
      verdict =
          step == Step.REQUEST_BODY
              ? handler.onRequestBody(exchange, body)
              : handler.onResponseBody(exchange, body);
    } catch (RuntimeException | LinkageError e) {
      body.close();
      failed(e, position);
      return;
    }
    if (verdict instanceof Verdict.Later) {
      pendingDecision().lend(body);
    } else {
      (step == Step.REQUEST_BODY ? requestFlow : responseFlow).putBack(body);
    }
    if (proceeds(verdict, step)) {
      resume(step);
    }
  }

  /** The handler whose turn it is, or what was done for it, did not do what handlers do. */
  void failed(Throwable failure) {
    failed(failure, position);
  }

  /** A handler did not do what handlers do. */
  void failed(Throwable failure, int at) {
    String name = at < chain.handlers.length ? chain.handlers[at].name() : "grpc";
    LOG.error("{}: handler {} failed", exchange.requestId(), name, failure);
    reply(
        LocalReply.of(
            Fault.of(
                FaultCode.INTERNAL, "The request could not be processed.", failure.toString())),
        at);
  }

  // ---- what the client's side tells

  @Override
  public void onBody(@Owned ByteBuf chunk) {
    requestFlow.onChunk(chunk);
  }

  @Override
  public void onBodyEnd(Trailers trailers) {
    requestFlow.onEnd(trailers);
  }

  @Override
  public void onBodyFailed(Fault failure) {
    if (phase == Phase.ENDED) {
      return;
    }
    closeAfter = true;
    if (phase == Phase.SENDING && exchange.responseOrigin() == ResponseOrigin.LOCAL) {
      return; // our refusal is on its way already; the connection closes after it
    }
    reply(LocalReply.of(failure), position);
  }

  @Override
  public void onClientGone() {
    Tunnel open = tunnel;
    if (open != null && phase != Phase.ENDED) {
      open.clientGone();
    } else if (phase != Phase.ENDED) {
      end(Outcome.CLIENT_CLOSED);
    }
  }

  @Override
  public void onClientTooSlow(Fault failure) {
    if (phase != Phase.ENDED) {
      fault = failure;
      end(failure.code().outcome());
    }
  }

  @Override
  public void onClientWritable() {
    responseFlow.onSinkWritable();
  }

  @Override
  public void onReadComplete() {
    UpstreamStream stream = upstreamStream();
    if (stream != null) {
      stream.flush();
    }
  }

  @Override
  public boolean endsWithInput() {
    CompiledRoute found = route;
    return found != null && (found.stream() == StreamKind.SSE || found.stream() == StreamKind.GRPC);
  }

  @Override
  public void onDraining() {
    Tunnel open = tunnel;
    if (open != null) {
      open.draining();
    }
  }

  @Override
  public boolean mayPause() {
    CompiledRoute found = route;
    return found != null && found.stream() == StreamKind.GRPC;
  }

  @Override
  public boolean isEnded() {
    return phase == Phase.ENDED;
  }

  // ---- the end

  /**
   * Whether a gRPC caller can be told how the call ended, though its answer has begun: no message
   * is cut, no handler holds a part of one, and the protocol has an end that is not the body's.
   */
  private boolean endsWithStatus() {
    GrpcCall call = grpc;
    return call != null
        && call.isBetweenMessages()
        && exchange.responseOrigin() == ResponseOrigin.UPSTREAM
        && requireNonNull(exchange.response()).bodyLength() == BodyLength.UNKNOWN
        && (caller.isWeb()
            ? responseFlow.filterCount() == WEB_FILTERS
            : responseFlow.filterCount() == 1
                && !exchange.request().received().protocol().startsWith("HTTP/1"));
  }

  private void endWithStatus(Fault refusal) {
    Outcome outcome = refusal.code().outcome();
    giveUpAttempt(outcome);
    requestFlow.close();
    if (caller.isWeb()) {
      responseFlow.onEnd(GrpcFields.of(refusal)); // for gRPC-Web they are the end of the body
      return;
    }
    responseFlow.close();
    client.sendEnd(GrpcFields.of(refusal));
    end(outcome);
  }

  /** The response cannot be completed any more, and the client must see that. */
  private void cutShort(Outcome outcome) {
    client.abort();
    end(outcome);
  }

  private void giveUpAttempt(Outcome why) {
    AttemptRun current = attempt;
    if (current != null) {
      current.abort(why);
      exchange.attempt(null);
    }
  }

  private void end(Outcome outcome) {
    if (phase == Phase.ENDED) {
      return;
    }
    phase = Phase.ENDED;
    dropDecision();
    GrpcCall call = grpc;
    if (call != null) {
      call.over();
    }
    giveUpAttempt(outcome);
    requestFlow.close();
    responseFlow.close();
    Tunnel open = tunnel;
    if (open != null) {
      open.close();
    }
    ResponseHead head = exchange.response();
    int status = isHeadSent && head != null ? head.status() : 0;
    Ending ending = new Ending(outcome, status, fault);
    entered.tellEnd(chain, exchange, ending);
    site.telemetry()
        .ended(
            loop().index(),
            times.record(
                exchange,
                generation,
                ending,
                requestFlow.received(),
                responseFlow.sent(),
                attempts,
                attempt,
                call,
                open == null
                    ? null
                    : open.end(outcome == Outcome.CLIENT_CLOSED ? By.CLIENT : By.GATEWAY)));
    site.inFlight().ended(loop().index());
    site.traffic().on(loop().index()).ended(this, !isStreaming);
    CompiledRoute found = route;
    if (isStreaming && found != null) {
      site.traffic().streamEnded(found.handle(), found.stream());
    }
  }

  /** The response is over: what it was is known before the client hears of its end. */
  void sendEnd(Trailers trailers) {
    Tunnel open = tunnel;
    if (open != null) {
      open.backendEnded(null);
      return;
    }
    Outcome outcome = LocalAnswers.outcome(fault, exchange);
    client.sendEnd(trailers);
    end(outcome);
  }

  /** Null where no backend is connected. */
  @Nullable UpstreamStream upstreamStream() {
    AttemptRun current = attempt;
    return current == null ? null : current.stream();
  }

  Loop loop() {
    return exchange.loop();
  }

  Telemetry telemetry() {
    return site.telemetry();
  }

  long nanos() {
    return loop().ticker().nanos();
  }
}
