package com.example.tollgate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadLimits;

/** The rows of a text (RFC 4180), one after the other. One thread. */
final class CsvReader {
  private final String text;
  private final PayloadLimits limits;
  private int at;

  CsvReader(String text, PayloadLimits limits) {
    this.text = text;
    this.limits = limits;
  }

  /** The next row; null at the end. */
  @Nullable List<String> next() {
    if (at == text.length()) {
      return null;
    }
    List<String> row = new ArrayList<>();
    while (true) {
      if (row.size() == limits.members()) {
        throw new MalformedPayloadException(
            Kind.TOO_COMPLEX, "CSV: more than " + limits.members() + " values in a row");
      }
      row.add(value());
      if (at == text.length() || text.charAt(at) != ',') {
        endOfLine();
        return row;
      }
      at++;
    }
  }

  private String value() {
    String value = at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
    if (value.length() > limits.stringBytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "CSV: a value of more than " + limits.stringBytes() + " bytes");
    }
    return value;
  }

  private String plain() {
    int from = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      if (text.charAt(at) == '"') {
        throw new MalformedPayloadException(Kind.MALFORMED, "CSV: a quote within a value");
      }
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        if (at == text.length() || text.charAt(at) != '"') {
          return value.toString();
        }
      }
      value.append(c);
    }
    throw new MalformedPayloadException(Kind.MALFORMED, "CSV: a quote that is not closed");
  }

  private void endOfLine() {
    if (at < text.length() && text.charAt(at) == '\r') {
      at++;
    }
    if (at < text.length()) {
      if (text.charAt(at) != '\n') {
        throw new MalformedPayloadException(Kind.MALFORMED, "CSV: a text behind a quoted value");
      }
      at++;
    }
  }
}
