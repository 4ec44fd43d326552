package tollgate.config.openapi;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.schema.Draft;

/**
 * What an OpenAPI document offers. Immutable.
 *
 * @param title empty if it has none
 * @param version of the API, not of OpenAPI; empty if it has none
 * @param draft of its schemas
 * @param operations in order of the document; ids and matches are unique
 */
public record OpenApiDocument(
    String title, String version, Draft draft, List<OpenApiOperation> operations) {
  public OpenApiDocument {
    requireNonNull(title, "title");
    requireNonNull(version, "version");
    requireNonNull(draft, "draft");
    operations = List.copyOf(operations);
  }

  /** The same without what its messages are: a document is kept as long as it does not change. */
  public OpenApiDocument withoutMessages() {
    return new OpenApiDocument(
        title,
        version,
        draft,
        operations.stream()
            .map(operation ->
                new OpenApiOperation(
                    operation.id(),
                    operation.match(),
                    operation.location(),
                    List.of(),
                    null,
                    List.of()))
            .toList());
  }

  /** The operation whose match has this shape, or null. */
  public @Nullable OpenApiOperation operation(String shape) {
    for (OpenApiOperation operation : operations) {
      if (operation.match().shape().equals(shape)) {
        return operation;
      }
    }
    return null;
  }
}
