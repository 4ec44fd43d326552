package tollgate.handlers.edit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.expression.Bounds;
import tollgate.core.expression.Scope;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlEditor;
import tollgate.core.message.xml.XmlKind;

/** The changes of an XML body, one after the other. Any thread. */
final class XmlEdits {
  private XmlEdits() {}

  /** The changed document; the very same if nothing was to change. */
  static XmlDocument run(List<BodyEdit.OfXml> edits, XmlDocument body, Scope scope) {
    XmlDocument xml = body;
    for (BodyEdit.OfXml edit : edits) {
      xml = run(edit, xml, scope);
    }
    return xml;
  }

  private static XmlDocument run(BodyEdit.OfXml edit, XmlDocument xml, Scope scope) {
    return switch (edit) {
      case BodyEdit.OfXml.Remove remove -> remove(xml, remove.path().select(xml));
      case BodyEdit.OfXml.Rename rename -> {
        XmlEditor editor = new XmlEditor(xml);
        for (int node : rename.path().select(xml)) {
          if (xml.isElement(node) || xml.kind(node) == XmlKind.ATTRIBUTE) {
            editor.rename(node, rename.name());
          }
        }
        yield editor.edited();
      }
      case BodyEdit.OfXml.Move move -> move(move, xml);
      case BodyEdit.OfXml.Set set -> set(set, xml, scope);
    };
  }

  private static XmlDocument remove(XmlDocument xml, int[] nodes) {
    if (nodes.length == 0) {
      return xml;
    }
    XmlEditor editor = new XmlEditor(xml);
    for (int node : nodes) {
      editor.remove(node);
    }
    return editor.edited();
  }

  private static XmlDocument move(BodyEdit.OfXml.Move move, XmlDocument xml) {
    int[] targets = move.to().select(xml);
    if (targets.length == 0 || !xml.isElement(targets[0])) {
      return xml;
    }
    XmlEditor editor = new XmlEditor(xml);
    boolean isChanged = false;
    int last = XmlDocument.NONE;
    for (int node : move.from().select(xml)) {
      // One that holds the target cannot go there, and what stands in one that went has gone too.
      if (node != XmlDocument.DOCUMENT
          && !isInside(xml, targets[0], node)
          && !(last != XmlDocument.NONE && isInside(xml, node, last))) {
        editor.move(node, targets[0], XmlEditor.Where.LAST);
        isChanged = true;
        last = node;
      }
    }
    return isChanged ? editor.edited() : xml;
  }

  private static boolean isInside(XmlDocument xml, int node, int ancestor) {
    int at = node;
    while (at != XmlDocument.NONE && at != ancestor) {
      at = xml.parent(at);
    }
    return at == ancestor;
  }

  private static XmlDocument set(BodyEdit.OfXml.Set set, XmlDocument xml, Scope scope) {
    int[] nodes = set.path().select(xml);
    @Nullable String text = set.value().text(scope);
    if (text == null) {
      return remove(xml, nodes); // what a caller put there must not pass for what is missing
    }
    Bounds.check(xml.size() + (long) nodes.length * text.length());
    XmlEditor editor = new XmlEditor(xml);
    for (int node : nodes) {
      if (node != XmlDocument.DOCUMENT) {
        editor.setText(node, text);
      }
    }
    if (nodes.length == 0) {
      set.place().make(xml, text, editor);
    }
    return editor.edited();
  }
}
