package com.example.tollgate;

import static tollgate.config.read.ValueTypes.secret;

import tollgate.config.read.Shape;
import tollgate.core.handler.FieldOptions;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/** The step {@code sign}. Immutable; any thread. */
public final class SignHandlerType implements HandlerType<SignOptions> {
  static final String NAME = "sign";

  private static final Shape<SignOptions> OPTIONS =
      Shape.of(
          SignOptions.class,
          "Signs what the backend is asked for: HMAC-SHA256 of method, blank and path.",
          keys -> {
            var key = keys.required("key", secret(), "Key that the backend knows too.");
            var header =
                keys.withDefault(
                    "header",
                    FieldOptions.NAME,
                    SignOptions.DEFAULT_HEADER,
                    "Header field that carries the signature, in small hexadecimal digits.");
            return fields -> new SignOptions(fields.get(key), fields.get(header));
          });

  public SignHandlerType() {}

  @Override
  public String name() {
    return NAME;
  }

  /** Each attempt is signed, as it is sent. */
  @Override
  public Stage stage() {
    return Stage.UPSTREAM;
  }

  @Override
  public Side sides() {
    return Side.REQUEST;
  }

  @Override
  public Shape<SignOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(SignOptions options, Side side, HandlerContext context) {
    return new SignHandler(options);
  }
}
