package tollgate.handlers.template;

import static java.util.Objects.requireNonNull;

import tollgate.core.expression.Sources;
import tollgate.core.media.MediaType;

/**
 * What bodies are made. Immutable.
 *
 * @param type of the bodies that are made
 * @param sources all that the template asks for
 */
public record TemplateOptions(MediaType type, Template template, Sources sources) {
  public TemplateOptions {
    requireNonNull(type, "type");
    requireNonNull(template, "template");
    requireNonNull(sources, "sources");
  }
}
