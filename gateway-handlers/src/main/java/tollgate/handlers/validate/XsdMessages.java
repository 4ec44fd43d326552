package tollgate.handlers.validate;

/**
 * What violations of XML Schema are called: the validator's own texts hold values of the message.
 * Any thread.
 */
final class XsdMessages {
  private XsdMessages() {}

  /** A text of ours for one of the validator's, which begins with the rule's name and a colon. */
  static String of(String theirs) {
    int colon = theirs.indexOf(':');
    String rule = colon > 0 && colon < 64 ? theirs.substring(0, colon) : "";
    String meaning =
        switch (rule) {
          case "cvc-elt.1", "cvc-elt.1.a" -> "is no element that the schema declares";
          case "cvc-complex-type.2.4.a",
              "cvc-complex-type.2.4.d",
              "cvc-complex-type.2.4.c",
              "cvc-complex-type.2.4.e",
              "cvc-complex-type.2.4.f",
              "cvc-complex-type.2.1" ->
              "is an element, or holds one, that is not allowed there";
          case "cvc-complex-type.2.4.b" -> "lacks an element";
          case "cvc-complex-type.2.3" -> "holds text where only elements may be";
          case "cvc-complex-type.3.2.2", "cvc-complex-type.3.2.1" ->
              "has an attribute that is not allowed";
          case "cvc-complex-type.4" -> "lacks an attribute";
          case "cvc-attribute.3", "cvc-type.3.1.3" -> "has a value that is not of its type";
          case "cvc-pattern-valid" -> "has a value that does not match its pattern";
          case "cvc-enumeration-valid" -> "has a value that is none of those allowed";
          case "cvc-length-valid", "cvc-minLength-valid", "cvc-maxLength-valid" ->
              "has a value that is too long or too short";
          case "cvc-minInclusive-valid",
              "cvc-maxInclusive-valid",
              "cvc-minExclusive-valid",
              "cvc-maxExclusive-valid" ->
              "has a value beyond its bounds";
          case "cvc-totalDigits-valid", "cvc-fractionDigits-valid" -> "has too many digits";
          case "cvc-elt.3.1", "cvc-elt.3.2.1", "cvc-elt.3.2.2" -> "must not be nil";
          case "cvc-identity-constraint.4.1",
              "cvc-identity-constraint.4.2.1.a",
              "cvc-identity-constraint.4.2.2",
              "cvc-identity-constraint.4.3" ->
              "violates a key of the schema";
          default -> rule.startsWith("cvc-datatype-valid") ? "is not of its type" : "is not valid";
        };
    return rule.isEmpty() ? meaning : meaning + " (" + rule + ")";
  }
}
