package tollgate.core.expression;

import tollgate.core.message.MessageFormat;
import tollgate.core.message.Payload;

/** The form of body that a path reads. */
public enum Face {
  JSON,
  XML;

  /** Whether what is built by this format is of this form. */
  boolean isOf(MessageFormat format) {
    return switch (format.name()) {
      case "xml", "soap" -> this == XML;
      case "multipart" -> false;
      default -> this == JSON;
    };
  }

  /** Whether a payload is of this form by nature, so that nothing is lost when it is changed. */
  public boolean isOf(Payload payload) {
    return this == JSON ? payload.isJson() : payload.isXml();
  }
}
