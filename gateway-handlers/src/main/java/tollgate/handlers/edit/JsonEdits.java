package tollgate.handlers.edit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.expression.Scope;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonEditor;

/** The changes of a JSON body, one after the other. Any thread. */
final class JsonEdits {
  private JsonEdits() {}

  /** The changed document; the very same if nothing was to change. */
  static JsonDocument run(List<BodyEdit.OfJson> edits, JsonDocument body, Scope scope) {
    JsonDocument json = body;
    for (BodyEdit.OfJson edit : edits) {
      json = run(edit, json, scope);
    }
    return json;
  }

  private static JsonDocument run(BodyEdit.OfJson edit, JsonDocument json, Scope scope) {
    return switch (edit) {
      case BodyEdit.OfJson.Remove remove -> JsonEditor.remove(json, remove.path());
      case BodyEdit.OfJson.Rename rename -> JsonEditor.rename(json, rename.path(), rename.name());
      case BodyEdit.OfJson.Move move -> JsonEditor.move(json, move.from(), move.to());
      case BodyEdit.OfJson.Set set -> {
        @Nullable JsonDocument value = set.value().json(scope);
        // What a caller put there must not pass for what is missing.
        yield value == null
            ? JsonEditor.remove(json, set.path())
            : JsonEditor.set(json, set.path(), value);
      }
      case BodyEdit.OfJson.Merge merge -> {
        @Nullable JsonDocument patch = merge.patch().json(scope);
        yield patch == null ? json : JsonEditor.merge(json, merge.path(), patch);
      }
    };
  }
}
