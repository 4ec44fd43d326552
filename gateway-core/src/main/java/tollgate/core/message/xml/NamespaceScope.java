package tollgate.core.message.xml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which prefix stands for which namespace while a document is read. A prefix is known by its bytes
 * and numbered when first declared; a lookup costs the same however many are declared and however
 * often one was declared anew. One thread.
 */
final class NamespaceScope {
  private static final int UNBOUND = -1;
  private static final int NO_ELEMENT = -1;

  /** Up to so many prefixes are compared one by one. */
  private static final int COMPARED = 8;

  private final byte[] bytes;
  private final List<String> uris = new ArrayList<>(4);
  private final Map<String, Integer> namespaces = new HashMap<>(8);

  /** By number of the prefix: where it stands, its namespace now, and the element that said so. */
  private int[] starts = new int[COMPARED];

  private int[] ends = new int[COMPARED];
  private int[] bound = new int[COMPARED];
  private int[] owners = new int[COMPARED];
  private int prefixes;

  /** Numbers of prefixes by hash, plus one; empty until there are more than are compared. */
  private int[] slots = new int[0];

  /** What declarations hid, four integers each: element, prefix, namespace, owner. */
  private int[] hidden = new int[16];

  private int hiddenLength;
  private int defaultNamespace = XmlDocument.NO_NAMESPACE;
  private int defaultOwner = NO_ELEMENT;

  NamespaceScope(byte[] bytes) {
    this.bytes = bytes;
    namespace("");
    namespace(XmlDocument.XML_URI);
  }

  String[] uris() {
    return uris.toArray(String[]::new);
  }

  /** The number of the namespace whose name is the value of an attribute. */
  int namespace(int valueStart, int valueEnd, boolean coded) {
    return namespace(
        coded
            ? Reading.string(bytes, valueStart, valueEnd, Reading.Mode.ATTRIBUTE)
            : new String(bytes, valueStart, valueEnd - valueStart, StandardCharsets.UTF_8));
  }

  /**
   * Binds a prefix, an empty one for the default namespace, until the element is left.
   *
   * @return what is wrong with it, or null
   */
  @Nullable String declare(int prefixStart, int prefixEnd, int namespace, int element) {
    String uri = uris.get(namespace);
    if (uri.equals(XmlDocument.XMLNS_URI)) {
      return "a declaration of the namespace of xmlns";
    }
    boolean isXml = is(prefixStart, prefixEnd, "xml");
    if (isXml != (namespace == XmlDocument.XML_NAMESPACE)) {
      return "a declaration of xml as something else";
    }
    if (prefixStart == prefixEnd) {
      if (defaultOwner == element) {
        return "two declarations of one prefix";
      }
      hide(element, UNBOUND, defaultNamespace, defaultOwner);
      defaultNamespace = namespace;
      defaultOwner = element;
      return null;
    }
    if (is(prefixStart, prefixEnd, "xmlns")) {
      return "a declaration of the prefix xmlns";
    }
    if (uri.isEmpty()) {
      return "a prefix declared for no namespace";
    }
    int prefix = find(prefixStart, prefixEnd);
    if (prefix == UNBOUND) {
      prefix = add(prefixStart, prefixEnd);
    } else if (owners[prefix] == element) {
      return "two declarations of one prefix";
    }
    hide(element, prefix, bound[prefix], owners[prefix]);
    bound[prefix] = namespace;
    owners[prefix] = element;
    return null;
  }

  /** The namespace of names without a prefix. */
  int defaultNamespace() {
    return defaultNamespace;
  }

  /** The namespace of a prefix; negative if it is not declared. */
  int resolve(int prefixStart, int prefixEnd) {
    int prefix = find(prefixStart, prefixEnd);
    if (prefix != UNBOUND) {
      return bound[prefix];
    }
    return is(prefixStart, prefixEnd, "xml") ? XmlDocument.XML_NAMESPACE : UNBOUND;
  }

  /** Undoes what the element declared. */
  void leave(int element) {
    while (hiddenLength > 0 && hidden[hiddenLength - 4] == element) {
      hiddenLength -= 4;
      int prefix = hidden[hiddenLength + 1];
      if (prefix == UNBOUND) {
        defaultNamespace = hidden[hiddenLength + 2];
        defaultOwner = hidden[hiddenLength + 3];
      } else {
        bound[prefix] = hidden[hiddenLength + 2];
        owners[prefix] = hidden[hiddenLength + 3];
      }
    }
  }

  private int namespace(String uri) {
    Integer known = namespaces.putIfAbsent(uri, uris.size());
    if (known != null) {
      return known;
    }
    uris.add(uri);
    return uris.size() - 1;
  }

  private void hide(int element, int prefix, int namespace, int owner) {
    if (hiddenLength == hidden.length) {
      hidden = Arrays.copyOf(hidden, hiddenLength * 2);
    }
    hidden[hiddenLength++] = element;
    hidden[hiddenLength++] = prefix;
    hidden[hiddenLength++] = namespace;
    hidden[hiddenLength++] = owner;
  }

  private int find(int start, int end) {
    if (prefixes <= COMPARED) {
      for (int i = 0; i < prefixes; i++) {
        if (isSame(i, start, end)) {
          return i;
        }
      }
      return UNBOUND;
    }
    int slot = slot(start, end);
    return slots[slot] - 1;
  }

  /** The slot that holds the prefix, or the empty one that it would take. */
  private int slot(int start, int end) {
    int mask = slots.length - 1;
    int slot = (int) KeyedHash.of(bytes, start, end) & mask;
    while (slots[slot] != 0 && !isSame(slots[slot] - 1, start, end)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int add(int start, int end) {
    if (prefixes == starts.length) {
      int more = prefixes * 2;
      starts = Arrays.copyOf(starts, more);
      ends = Arrays.copyOf(ends, more);
      bound = Arrays.copyOf(bound, more);
      owners = Arrays.copyOf(owners, more);
    }
    int prefix = prefixes++;
    starts[prefix] = start;
    ends[prefix] = end;
    bound[prefix] = UNBOUND;
    owners[prefix] = NO_ELEMENT;
    if (prefixes > COMPARED) {
      enter(prefix);
    }
    return prefix;
  }

  private void enter(int prefix) {
    if (slots.length >= 2 * prefixes) {
      slots[slot(starts[prefix], ends[prefix])] = prefix + 1;
      return;
    }
    slots = new int[Integer.highestOneBit(prefixes) * 8];
    for (int i = 0; i < prefixes; i++) {
      slots[slot(starts[i], ends[i])] = i + 1;
    }
  }

  private boolean isSame(int prefix, int start, int end) {
    return Arrays.equals(bytes, starts[prefix], ends[prefix], bytes, start, end);
  }

  private boolean is(int start, int end, String ascii) {
    if (end - start != ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[start + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
