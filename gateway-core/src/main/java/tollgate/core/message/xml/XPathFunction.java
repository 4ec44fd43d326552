package tollgate.core.message.xml;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions of XPath 1.0 (4), and no others. */
enum XPathFunction {
  LAST(XPathExpression.Type.NUMBER, 0, 0),
  POSITION(XPathExpression.Type.NUMBER, 0, 0),
  COUNT(XPathExpression.Type.NUMBER, 1, 1),
  ID(XPathExpression.Type.NODES, 1, 1),
  LOCAL_NAME(XPathExpression.Type.STRING, 0, 1),
  NAMESPACE_URI(XPathExpression.Type.STRING, 0, 1),
  NAME(XPathExpression.Type.STRING, 0, 1),
  STRING(XPathExpression.Type.STRING, 0, 1),
  CONCAT(XPathExpression.Type.STRING, 2, 64),
  STARTS_WITH(XPathExpression.Type.BOOLEAN, 2, 2),
  CONTAINS(XPathExpression.Type.BOOLEAN, 2, 2),
  SUBSTRING_BEFORE(XPathExpression.Type.STRING, 2, 2),
  SUBSTRING_AFTER(XPathExpression.Type.STRING, 2, 2),
  SUBSTRING(XPathExpression.Type.STRING, 2, 3),
  STRING_LENGTH(XPathExpression.Type.NUMBER, 0, 1),
  NORMALIZE_SPACE(XPathExpression.Type.STRING, 0, 1),
  TRANSLATE(XPathExpression.Type.STRING, 3, 3),
  BOOLEAN(XPathExpression.Type.BOOLEAN, 1, 1),
  NOT(XPathExpression.Type.BOOLEAN, 1, 1),
  TRUE(XPathExpression.Type.BOOLEAN, 0, 0),
  FALSE(XPathExpression.Type.BOOLEAN, 0, 0),
  LANG(XPathExpression.Type.BOOLEAN, 1, 1),
  NUMBER(XPathExpression.Type.NUMBER, 0, 1),
  SUM(XPathExpression.Type.NUMBER, 1, 1),
  FLOOR(XPathExpression.Type.NUMBER, 1, 1),
  CEILING(XPathExpression.Type.NUMBER, 1, 1),
  ROUND(XPathExpression.Type.NUMBER, 1, 1);

  private final XPathExpression.Type type;
  private final int minArguments;
  private final int maxArguments;

  XPathFunction(XPathExpression.Type type, int minArguments, int maxArguments) {
    this.type = type;
    this.minArguments = minArguments;
    this.maxArguments = maxArguments;
  }

  /** The function of that name, or null. */
  static @Nullable XPathFunction named(String name) {
    for (XPathFunction function : values()) {
      if (function.written().equals(name)) {
        return function;
      }
    }
    return null;
  }

  String written() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  XPathExpression.Type type() {
    return type;
  }

  boolean takes(int arguments) {
    return arguments >= minArguments && arguments <= maxArguments;
  }

  /** Whether its argument has to be nodes. */
  boolean takesNodes() {
    return switch (this) {
      case COUNT, SUM, LOCAL_NAME, NAMESPACE_URI, NAME -> true;
      default -> false;
    };
  }

  XPathValue call(Evaluation evaluation, int node, XPathValue[] arguments) {
    return switch (type) {
      // Without a document type no attribute is an identifier.
      case NODES -> new XPathValue.Nodes(new NodeSet());
      case STRING -> new XPathValue.Text(string(evaluation, node, arguments));
      case NUMBER -> new XPathValue.Numeric(number(evaluation, node, arguments));
      case BOOLEAN -> new XPathValue.Truth(truth(evaluation, node, arguments));
    };
  }

  private String string(Evaluation evaluation, int node, XPathValue[] arguments) {
    return switch (this) {
      case LOCAL_NAME, NAMESPACE_URI, NAME -> name(evaluation, node, arguments);
      case STRING -> text(evaluation, node, arguments);
      case CONCAT -> concatenated(evaluation, arguments);
      case NORMALIZE_SPACE -> XPathStrings.normalized(text(evaluation, node, arguments));
      case SUBSTRING -> substring(evaluation, arguments);
      case TRANSLATE ->
          XPathStrings.translated(
              arguments[0].string(evaluation),
              arguments[1].string(evaluation),
              arguments[2].string(evaluation));
      default -> {
        String text = arguments[0].string(evaluation);
        String part = arguments[1].string(evaluation);
        int at = text.indexOf(part);
        if (at < 0) {
          yield "";
        }
        yield this == SUBSTRING_BEFORE ? text.substring(0, at) : text.substring(at + part.length());
      }
    };
  }

  private static String substring(Evaluation evaluation, XPathValue[] arguments) {
    double from = XPathStrings.rounded(arguments[1].number(evaluation));
    double end =
        arguments.length == 3
            ? from + XPathStrings.rounded(arguments[2].number(evaluation))
            : Double.POSITIVE_INFINITY;
    return XPathStrings.substring(arguments[0].string(evaluation), from, end);
  }

  private static String concatenated(Evaluation evaluation, XPathValue[] arguments) {
    StringBuilder all = new StringBuilder();
    for (XPathValue argument : arguments) {
      all.append(argument.string(evaluation));
    }
    evaluation.spend(all.length() >> 4);
    return all.toString();
  }

  private String name(Evaluation evaluation, int node, XPathValue[] arguments) {
    int of = node;
    if (arguments.length == 1) {
      if (!(arguments[0] instanceof XPathValue.Nodes(NodeSet nodes)) || nodes.size() == 0) {
        return "";
      }
      of = nodes.get(0);
    }
    XmlDocument document = evaluation.document;
    return switch (this) {
      case LOCAL_NAME -> document.localName(of);
      case NAMESPACE_URI -> document.namespace(of);
      default -> document.name(of);
    };
  }

  private double number(Evaluation evaluation, int node, XPathValue[] arguments) {
    return switch (this) {
      case COUNT -> arguments[0] instanceof XPathValue.Nodes(NodeSet nodes) ? nodes.size() : 0;
      case SUM -> sum(evaluation, arguments[0]);
      case STRING_LENGTH -> {
        String text = text(evaluation, node, arguments);
        yield text.codePointCount(0, text.length());
      }
      case NUMBER ->
          arguments.length == 0
              ? XPathValue.parse(evaluation.text(node))
              : arguments[0].number(evaluation);
      case FLOOR -> Math.floor(arguments[0].number(evaluation));
      case CEILING -> Math.ceil(arguments[0].number(evaluation));
      default -> XPathStrings.rounded(arguments[0].number(evaluation));
    };
  }

  private static double sum(Evaluation evaluation, XPathValue of) {
    double sum = 0;
    if (of instanceof XPathValue.Nodes(NodeSet nodes)) {
      for (int i = 0; i < nodes.size(); i++) {
        sum += XPathValue.parse(evaluation.text(nodes.get(i)));
      }
    }
    return sum;
  }

  private boolean truth(Evaluation evaluation, int node, XPathValue[] arguments) {
    return switch (this) {
      case STARTS_WITH ->
          arguments[0].string(evaluation).startsWith(arguments[1].string(evaluation));
      case CONTAINS -> arguments[0].string(evaluation).contains(arguments[1].string(evaluation));
      case BOOLEAN -> arguments[0].truth();
      case NOT -> !arguments[0].truth();
      case LANG -> isLanguage(evaluation.document, node, arguments[0].string(evaluation));
      default -> this == TRUE;
    };
  }

  private static boolean isLanguage(XmlDocument document, int node, String language) {
    for (int at = node; at != XmlDocument.NONE; at = document.parent(at)) {
      int attribute =
          document.isElement(at)
              ? document.attribute(at, XmlDocument.XML_URI, "lang")
              : XmlDocument.NONE;
      if (attribute != XmlDocument.NONE) {
        String value = document.value(attribute).toLowerCase(Locale.ROOT);
        String asked = language.toLowerCase(Locale.ROOT);
        return value.equals(asked) || value.startsWith(asked + "-");
      }
    }
    return false;
  }

  private static String text(Evaluation evaluation, int node, XPathValue[] arguments) {
    return arguments.length == 0 ? evaluation.text(node) : arguments[0].string(evaluation);
  }
}
