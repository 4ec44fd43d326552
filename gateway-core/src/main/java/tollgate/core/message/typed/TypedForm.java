package tollgate.core.message.typed;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.typed.TypeTree.Items;
import tollgate.core.message.typed.TypeTree.Kind;
import tollgate.core.message.typed.TypeTree.Member;
import tollgate.core.message.typed.TypeTree.Members;
import tollgate.core.message.typed.TypeTree.Scalar;

/**
 * The fields of a form by a schema: texts become numbers and booleans, repeated fields lists, and
 * fields that are objects are read as JSON. What is not of its type stays a text. Any thread.
 */
public final class TypedForm {
  private TypedForm() {}

  /**
   * The same form with types.
   *
   * @param form an object of texts and of lists of them
   */
  public static JsonDocument read(JsonDocument form, TypeTree type) {
    if (!(type instanceof Members members) || form.kind(JsonDocument.ROOT) != JsonKind.OBJECT) {
      return form;
    }
    JsonComposer json = new JsonComposer(form.length(), DuplicateNames.KEEP).beginObject();
    for (int at = form.firstChild(JsonDocument.ROOT); at != JsonDocument.NONE; at = form.next(at)) {
      Member member = members.named(form.name(at));
      json.nameOf(form, at);
      TypeTree declared = member == null ? members.other() : member.type();
      TypeTree item = declared instanceof Items items ? items.item() : declared;
      if (form.kind(at) == JsonKind.ARRAY) {
        json.beginArray();
        for (int in = form.firstChild(at); in != JsonDocument.NONE; in = form.next(in)) {
          add(form, in, item, json);
        }
        json.end();
      } else if (declared instanceof Items) {
        json.beginArray();
        add(form, at, item, json);
        json.end();
      } else {
        add(form, at, item, json);
      }
    }
    return json.end().finish();
  }

  private static void add(JsonDocument form, int node, TypeTree type, JsonComposer json) {
    String text = form.kind(node) == JsonKind.STRING ? form.string(node) : null;
    if (text == null) {
      json.copy(form, node);
    } else if (type instanceof Scalar scalar) {
      addScalar(text, scalar, json);
    } else {
      JsonDocument parsed = type instanceof Members ? parsed(text) : null;
      if (parsed == null) {
        json.string(text);
      } else {
        json.copy(parsed, JsonDocument.ROOT);
      }
    }
  }

  private static void addScalar(String text, Scalar type, JsonComposer json) {
    if (type.kinds().contains(Kind.STRING)) {
      json.string(text);
    } else if (type.kinds().contains(Kind.NUMBER) && JsonParser.isNumber(text)) {
      json.number(text);
    } else if (type.kinds().contains(Kind.BOOLEAN)
        && (text.equals("true") || text.equals("false"))) {
      json.bool(text.equals("true"));
    } else if (type.kinds().contains(Kind.NULL) && text.isEmpty()) {
      json.nullValue();
    } else {
      json.string(text);
    }
  }

  private static @Nullable JsonDocument parsed(String text) {
    try {
      return JsonParser.parse(text);
    } catch (MalformedPayloadException _) {
      return null; // a text where an object should be: for the validator to say
    }
  }
}
