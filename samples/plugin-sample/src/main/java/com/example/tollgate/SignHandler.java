package com.example.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.RequestHead;

/** Signs each attempt. Event loop only. */
final class SignHandler implements Handler {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final FieldName header;

  SignHandler(SignOptions options) {
    this.key = new SecretKeySpec(options.key().reveal().getBytes(UTF_8), ALGORITHM);
    this.header = options.header();
  }

  @Override
  public String name() {
    return SignHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    RequestHead request = requireNonNull(exchange.attempt(), "attempt").head();
    request.fields().set(header, signature(request.method() + " " + request.path()));
    return Verdict.Proceed.PROCEED;
  }

  private String signature(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
