package tollgate.handlers.validate;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tollgate.config.schema.Draft;

/**
 * The meta-schemas that come with the library, each compiled when it is first needed. Any thread.
 */
final class MetaSchemas {
  private static final Map<Draft, Schema> COMPILED = new ConcurrentHashMap<>();

  private MetaSchemas() {}

  /** That of a draft; of OpenAPI that of the draft its schemas are written in. */
  static Schema of(Draft draft) {
    return COMPILED.computeIfAbsent(form(draft), MetaSchemas::compiled);
  }

  /** The draft whose meta-schema a schema must be good by. */
  static Draft form(Draft draft) {
    return switch (draft) {
      case OPENAPI_3_0 -> Draft.DRAFT_4;
      case OPENAPI_3_1 -> Draft.DRAFT_2020_12;
      case DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019_09, DRAFT_2020_12 -> draft;
    };
  }

  private static Schema compiled(Draft draft) {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(JsonSchemas.dialect(draft));
    return registry.getSchema(SchemaLocation.of(JsonSchemas.dialect(draft).getId()));
  }
}
