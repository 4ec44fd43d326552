package tollgate.core.chain;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Body;
import tollgate.core.handler.Message;
import tollgate.core.handler.Side;
import tollgate.core.http.FieldName;
import tollgate.core.http.Owned;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.port.NoPermitException;

/**
 * The messages of one exchange: makes one of a body for the handler whose turn it is, keeps it for
 * those who ask next, and writes it before anybody sees bytes again. Made when the first handler
 * asks. Event loop only.
 */
final class BuiltMessages {
  private final ChainRun run;
  private final MessageRules rules;
  private @Nullable Message request;
  private @Nullable Message response;

  /** Whether a message is to be made of the body that is being collected. */
  private boolean isBuilding;

  BuiltMessages(ChainRun run, MessageRules rules) {
    this.run = run;
    this.rules = rules;
  }

  /** The handler whose turn it is gets the message, which another one may have asked for before. */
  void ask(Side side, int maxBytes) {
    Message have = of(side);
    if (have != null) {
      run.tellMessage(side, have);
      return;
    }
    if (run.flow(side).isAnnounced()) { // else it may turn out to be empty, and good
      Fault refusal = prospect(side).refusal();
      if (refusal != null) {
        run.refuse(refusal);
        return;
      }
    }
    isBuilding = true;
    run.flow(side).collect(Math.min(maxBytes, rules.limits().bytes()));
  }

  /** Whether the body that was collected is to become a message, and is taken for it. */
  boolean takes(Body body, Side side) {
    if (!isBuilding) {
      return false;
    }
    isBuilding = false;
    build(body, side);
    return true;
  }

  /** Another answer takes the place of what was going on. */
  void dropResponse() {
    isBuilding = false;
    response = null;
  }

  /** Those who come next go by the head, long before the message is written. */
  void showType(Side side) {
    Message message = of(side);
    if (message != null && message.isChanged()) {
      MediaType type = message.type();
      if (type == null) {
        run.fields(side).remove(FieldName.CONTENT_TYPE);
      } else {
        run.fields(side).set(FieldName.CONTENT_TYPE, type.toString());
      }
    }
  }

  /**
   * Those who come next see bytes.
   *
   * @param then called when they are there, unless the exchange has ended by then
   * @return whether they are there already: {@code then} is not called
   */
  boolean write(Side side, Runnable then) {
    Message message = of(side);
    if (message == null) {
      return true;
    }
    put(side, null);
    if (!message.isChanged()) {
      return true;
    }
    if (!MessageWork.isShort(message)) {
      writeElsewhere(message, side, then);
      return false;
    }
    try {
      written(message, MessageWork.write(message, rules, run.loop().allocator()), side);
      return true;
    } catch (RuntimeException
        | LinkageError e) { // a form cannot hold an object, a charset not all text
      notDone(e, side);
      return false;
    }
  }

  private void writeElsewhere(Message message, Side side, Runnable then) {
    int ticket = run.pendingDecision().await();
    var _ =
        rules
            .offload()
            .compute(() -> MessageWork.write(message, rules, run.loop().allocator()))
            .whenComplete((bytes, failure) ->
                run.loop()
                    .execute(() -> writtenElsewhere(ticket, message, bytes, failure, side, then)));
  }

  private void writtenElsewhere(
      int ticket,
      Message message,
      @Nullable ByteBuf bytes,
      @Nullable Throwable failure,
      Side side,
      Runnable then) {
    PendingDecision pending = run.pendingDecision();
    if (!pending.isAwaited(ticket) || run.isEnded()) {
      if (bytes != null) {
        bytes.release();
      }
      return;
    }
    pending.drop();
    if (bytes != null) {
      written(message, bytes, side);
      then.run();
    } else {
      notDone(failure, side);
    }
    run.flushClient();
  }

  private void written(Message message, @Owned ByteBuf bytes, Side side) {
    run.flow(side).replace(bytes);
    if (message.payload() == null) {
      run.flow(side).gone();
    }
    MessageWork.describe(message, run.fields(side));
  }

  private @Nullable Message of(Side side) {
    return side == Side.REQUEST ? request : response;
  }

  private void put(Side side, @Nullable Message message) {
    if (side == Side.REQUEST) {
      request = message;
    } else {
      response = message;
    }
  }

  private MessageWork.Prospect prospect(Side side) {
    int status = side == Side.REQUEST ? 0 : run.responseStatus();
    return MessageWork.prospect(run.fields(side), status, rules);
  }

  private void build(Body body, Side side) {
    if (!body.bytes().isReadable()) {
      String type = run.fields(side).first(FieldName.CONTENT_TYPE);
      built(body, new Message(type == null ? null : MediaType.parse(type), null, 0), side);
      return;
    }
    MessageWork.Prospect prospect = prospect(side);
    MessageWork.Job job = prospect.job();
    if (job == null) {
      body.close();
      run.refuse(requireNonNull(prospect.refusal()));
    } else if (job.isShort(body.bytes())) {
      buildHere(body, job, side);
    } else {
      buildElsewhere(body, job, side);
    }
  }

  private void buildHere(Body body, MessageWork.Job job, Side side) {
    Message message;
    try {
      message = job.build(body.bytes());
    } catch (RuntimeException | LinkageError e) {
      body.close();
      notDone(e, side);
      return;
    }
    built(body, message, side);
  }

  private void buildElsewhere(Body body, MessageWork.Job job, Side side) {
    PendingDecision pending = run.pendingDecision();
    int ticket = pending.await();
    // The work reads the bytes for as long as it takes, even if the exchange ends meanwhile.
    ByteBuf bytes = body.bytes().retainedSlice();
    pending.lend(body);
    var _ =
        rules
            .offload()
            .compute(() -> job.build(bytes))
            .whenComplete((message, failure) -> {
              bytes.release();
              run.loop().execute(() -> builtElsewhere(ticket, message, failure, side));
            });
  }

  private void builtElsewhere(
      int ticket, @Nullable Message message, @Nullable Throwable failure, Side side) {
    PendingDecision pending = run.pendingDecision();
    if (!pending.isAwaited(ticket) || run.isEnded()) {
      return;
    }
    Body body = requireNonNull(pending.forget());
    if (message != null) {
      built(body, message, side);
    } else {
      body.close();
      notDone(failure, side);
    }
    run.flushClient();
  }

  private void built(Body body, Message message, Side side) {
    run.flow(side).putBack(body);
    put(side, message);
    run.tellMessage(side, message);
  }

  private void notDone(@Nullable Throwable failure, Side side) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    switch (cause) {
      case MalformedPayloadException malformed -> run.refuse(MessageWork.refusal(malformed, side));
      case NoPermitException _ ->
          run.refuse(FaultCode.NO_PERMIT, "The gateway has too much to do just now.");
      case null -> run.failed(new NullPointerException("message"));
      default -> run.failed(cause);
    }
  }
}
