package com.example.tollgate;

import static java.util.Objects.requireNonNull;

import tollgate.config.model.Secret;
import tollgate.core.http.FieldName;

/**
 * Immutable.
 *
 * @param key of the signature
 * @param header that carries it
 */
public record SignOptions(Secret key, FieldName header) {
  static final FieldName DEFAULT_HEADER = FieldName.of("X-Signature");

  public SignOptions {
    requireNonNull(key, "key");
    requireNonNull(header, "header");
  }
}
