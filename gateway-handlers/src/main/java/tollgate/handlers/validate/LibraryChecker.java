package tollgate.handlers.validate;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.FailFastAssertionException;
import com.networknt.schema.Schema;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.NodePath;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A schema compiled by networknt's library. Immutable; any thread. */
final class LibraryChecker implements JsonChecker {
  /** Keywords looked at for one value; a wide anyOf over a long list comes to it. */
  static final long MAX_STEPS = 2_000_000;

  /** Schemas that apply one another, the value's own depth included. */
  static final int MAX_DEPTH = 1500;

  private static final int MAX_NAME = 64;

  private final Schema schema;
  private final ExecutionConfig config;

  /** Which of readOnly and writeOnly properties need not be there. */
  enum Sense {
    ANY,
    REQUEST,
    RESPONSE
  }

  LibraryChecker(Schema schema, Sense sense, boolean assertFormats) {
    this.schema = schema;
    ExecutionConfig.Builder builder =
        ExecutionConfig.builder()
            .locale(Locale.ROOT)
            .annotationCollectionEnabled(false)
            .formatAssertionsEnabled(assertFormats)
            .maxEvaluationSteps(MAX_STEPS)
            .maxEvaluationDepth(MAX_DEPTH);
    if (sense != Sense.ANY) {
      builder.readOnly(sense == Sense.REQUEST).writeOnly(sense == Sense.RESPONSE);
    }
    this.config = builder.build();
  }

  @Override
  public void check(JsonNode value, Violations into) {
    Context context = new Context(config);
    try {
      schema.validate(context, value);
      if (context.isEvaluationAborted()) {
        into.add("", "takes more steps to compare with the schema than one message may");
      }
    } catch (FailFastAssertionException _) {
      // its errors are in the context
    } catch (ValidationLimitExceededException _) {
      into.add("", "takes more steps to compare with the schema than one message may");
    } catch (UndecidedError e) {
      into.add("", String.valueOf(e.getMessage()));
    } catch (StackOverflowError _) {
      into.add("", "is nested too deeply to compare with the schema");
    }
    for (Error error : context.getErrors()) {
      into.add(pointer(error.getInstanceLocation()), message(error));
    }
    into.addUnseen(context.unseen);
  }

  /** Keeps the first errors only: a long list may have one in each item. */
  private static final class Context extends ExecutionContext {
    int unseen;

    Context(ExecutionConfig config) {
      super(config);
    }

    @Override
    public void addError(Error error) {
      if (getErrors().size() < Violations.MAX) {
        super.addError(error);
      } else {
        unseen++; // of a branch that is given up, too: no more than a hint
      }
    }
  }

  private static String pointer(@Nullable NodePath path) {
    if (path == null) {
      return "";
    }
    StringBuilder pointer = new StringBuilder();
    for (int i = 0; i < path.getNameCount(); i++) {
      String name = path.getName(i).replace("~", "~0").replace("/", "~1");
      pointer.append('/').append(cut(name));
    }
    return pointer.toString();
  }

  private static String cut(String name) {
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "...";
  }

  /** What an error says, of the schema and not of the value. */
  static String message(Error error) {
    String keyword = error.getKeyword();
    JsonNode rule = error.getSchemaNode();
    String given = rule == null ? "" : cut(rule.isString() ? rule.stringValue() : rule.toString());
    return switch (keyword == null ? "false" : keyword) {
      case "type" -> "is of another type (expected: " + given + ")";
      case "required" -> "lacks the property " + cut(String.valueOf(error.getProperty()));
      case "dependentRequired", "dependencies" -> "lacks a property that another one asks for";
      case "additionalProperties", "unevaluatedProperties" ->
          "has a property that is not allowed: " + cut(String.valueOf(error.getProperty()));
      case "additionalItems", "unevaluatedItems" -> "has an item that is not allowed";
      case "propertyNames" -> "has a property whose name is not allowed";
      case "enum" -> "is none of the values that are allowed";
      case "const" -> "is not the value that is asked for";
      case "pattern" -> "does not match the pattern " + given;
      case "format" -> "is not of the format " + given;
      case "minimum" -> "is less than " + given;
      case "maximum" -> "is more than " + given;
      case "exclusiveMinimum" -> "is not more than " + bound(rule, given);
      case "exclusiveMaximum" -> "is not less than " + bound(rule, given);
      case "multipleOf" -> "is no multiple of " + given;
      case "minLength" -> "is shorter than " + given + " characters";
      case "maxLength" -> "is longer than " + given + " characters";
      case "minItems" -> "has fewer items than " + given;
      case "maxItems" -> "has more items than " + given;
      case "minProperties" -> "has fewer properties than " + given;
      case "maxProperties" -> "has more properties than " + given;
      case "uniqueItems" -> "has the same item twice";
      case "contains", "minContains", "maxContains" ->
          "has too few or too many items of the kind that is asked for";
      case "oneOf" -> "does not match exactly one of the schemas of oneOf";
      case "anyOf" -> "matches none of the schemas of anyOf";
      case "not" -> "matches a schema that it must not match";
      case "readOnly" -> "is read-only";
      case "writeOnly" -> "is write-only";
      case "false" -> "is not allowed";
      default -> "violates " + cut(keyword);
    };
  }

  private static String bound(@Nullable JsonNode rule, String given) {
    return rule != null && rule.isBoolean() ? "its bound" : given;
  }
}
