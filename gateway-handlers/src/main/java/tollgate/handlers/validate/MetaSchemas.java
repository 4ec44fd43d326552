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

  static Schema of(Draft draft) {
    return COMPILED.computeIfAbsent(draft, MetaSchemas::compiled);
  }

  private static Schema compiled(Draft draft) {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(JsonSchemas.dialect(draft));
    return registry.getSchema(SchemaLocation.of(JsonSchemas.dialect(draft).getId()));
  }
}
