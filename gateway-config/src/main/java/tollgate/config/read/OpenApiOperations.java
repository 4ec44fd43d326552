package tollgate.config.read;

import java.util.ArrayList;
import java.util.List;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.ValidateConfig;
import tollgate.config.openapi.OpenApiDocument;
import tollgate.config.openapi.OpenApiOperation;

/** Operations of an API and those of its OpenAPI document. Any thread. */
final class OpenApiOperations {
  private OpenApiOperations() {}

  /** The operations of an API that lists none itself. */
  static List<OperationConfig> of(OpenApiDocument document) {
    List<OperationConfig> operations = new ArrayList<>();
    for (OpenApiOperation operation : document.operations()) {
      operations.add(
          new OperationConfig(
              operation.id(),
              operation.match(),
              OperationConfig.DEFAULT_TIMEOUT,
              OperationConfig.DEFAULT_STREAM));
    }
    return operations;
  }

  /** What to say of operations that are to be checked against the document and are not in it. */
  static List<String> unchecked(ApiConfig api, OpenApiDocument document) {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < api.operations().size(); i++) {
      OperationConfig operation = api.operations().get(i);
      ValidateConfig validate = operation.validate().within(api.validate());
      if (validate.needsOpenApi() && document.operation(operation.match().shape()) == null) {
        messages.add(
            operation.match()
                + " is not in the OpenAPI document, so that "
                + operation.id()
                + " is not checked (expected: it in the document, or validate: {request: off, response: off})");
      }
    }
    return messages;
  }
}
