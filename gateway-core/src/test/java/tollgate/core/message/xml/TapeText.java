package tollgate.core.message.xml;

/** All that a document says of its nodes, one a line, places among it. */
final class TapeText {
  private TapeText() {}

  static String of(XmlDocument document) {
    StringBuilder text = new StringBuilder();
    for (int node = 0; node < document.limit(); node = document.following(node)) {
      text.append(document.kind(node))
          .append(' ')
          .append(document.start(node))
          .append('-')
          .append(document.end(node))
          .append(" in ")
          .append(document.parent(node))
          .append(" {")
          .append(document.namespace(node))
          .append('}')
          .append(document.name(node))
          .append(" |")
          .append(document.value(node))
          .append("|\n");
    }
    return text.toString();
  }
}
