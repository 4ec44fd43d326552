package tollgate.handlers.structurallimits;

import static tollgate.config.read.ValueTypes.bool;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.size;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tollgate.config.model.DataSize;
import tollgate.config.read.Key;
import tollgate.config.read.Keys;
import tollgate.config.read.ScalarType;
import tollgate.config.read.Shape;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.message.scan.JsonLimits;
import tollgate.core.message.scan.XmlLimits;

/** The step {@code structuralLimits}. Immutable; any thread. */
public final class StructuralLimitsHandlerType implements HandlerType<StructuralLimitsOptions> {
  static final String NAME = "structuralLimits";

  private static final int MANY = 10_000_000;
  private static final int LONG = 1 << 30;

  /** Written so that a policy says it; there is no other choice. */
  private enum Dtd {
    DENY
  }

  private static final Shape<JsonLimits> JSON =
      Shape.of(
          JsonLimits.class,
          "What JSON may be.",
          keys -> {
            JsonLimits usual = JsonLimits.DEFAULT;
            var depth =
                keys.withDefault(
                    "depth",
                    integer(1, JsonLimits.MAX_DEPTH),
                    usual.depth(),
                    "Objects and arrays within each other.");
            var members = count(keys, "members", MANY, usual.members(), "Members of one object.");
            var total =
                count(
                    keys,
                    "totalMembers",
                    MANY,
                    usual.totalMembers(),
                    "Members of all objects and elements of all arrays together.");
            var array =
                count(keys, "arrayLength", MANY, usual.arrayLength(), "Elements of one array.");
            var name = count(keys, "nameLength", LONG, usual.nameLength(), "Characters of a name.");
            var string =
                count(keys, "stringLength", LONG, usual.stringLength(), "Characters of a string.");
            var number =
                count(keys, "numberLength", LONG, usual.numberLength(), "Characters of a number.");
            var exponent =
                count(
                    keys,
                    "exponent",
                    100_000_000,
                    usual.exponent(),
                    "Highest exponent of a number, with either sign.");
            var duplicates =
                keys.withDefault(
                    "duplicateNames",
                    duplicates(),
                    usual.duplicateNames(),
                    "Whether an object may have two members of one name.");
            var bytes = bytes(keys, usual.bytes());
            return fields ->
                new JsonLimits(
                    fields.get(depth),
                    fields.get(members),
                    fields.get(total),
                    fields.get(array),
                    fields.get(name),
                    fields.get(string),
                    fields.get(number),
                    fields.get(exponent),
                    fields.get(duplicates),
                    fields.get(bytes).bytes());
          });

  private static final Shape<XmlLimits> XML =
      Shape.of(
          XmlLimits.class,
          "What XML may be.",
          keys -> {
            XmlLimits usual = XmlLimits.DEFAULT;
            var depth =
                keys.withDefault(
                    "depth",
                    integer(1, XmlLimits.MAX_DEPTH),
                    usual.depth(),
                    "Elements within each other.");
            var elements = count(keys, "elements", MANY, usual.elements(), "Elements in all.");
            var children =
                count(
                    keys,
                    "children",
                    MANY,
                    usual.children(),
                    "Elements, CDATA sections, comments and instructions right within an element.");
            var attributes =
                count(
                    keys,
                    "attributes",
                    XmlLimits.MAX_ATTRIBUTES,
                    usual.attributes(),
                    "Attributes of one element, with declarations of namespaces.");
            var namespaces =
                count(
                    keys,
                    "namespaces",
                    XmlLimits.MAX_NAMESPACES,
                    usual.namespaces(),
                    "Declarations of namespaces in force at one place.");
            var name =
                count(
                    keys,
                    "nameLength",
                    XmlLimits.MAX_NAME_LENGTH,
                    usual.nameLength(),
                    "Bytes of a name with its prefix.");
            var attribute =
                count(
                    keys,
                    "attributeLength",
                    LONG,
                    usual.attributeLength(),
                    "Bytes of an attribute's value.");
            var text =
                count(
                    keys,
                    "textLength",
                    LONG,
                    usual.textLength(),
                    "Bytes of a text, CDATA section, comment or instruction.");
            var unused =
                keys.withDefault(
                    "dtd",
                    oneOf(Dtd.class, dtd -> dtd.name().toLowerCase(Locale.ROOT)),
                    Dtd.DENY,
                    "Document types and the entities they declare; always refused.");
            var bytes = bytes(keys, usual.bytes());
            return fields -> {
              var _ = fields.get(unused);
              return new XmlLimits(
                  fields.get(depth),
                  fields.get(elements),
                  fields.get(children),
                  fields.get(attributes),
                  fields.get(namespaces),
                  fields.get(name),
                  fields.get(attribute),
                  fields.get(text),
                  fields.get(bytes).bytes());
            };
          });

  private static final Shape<StructuralLimitsOptions> OPTIONS =
      Shape.of(
          StructuralLimitsOptions.class,
          "Checks JSON and XML as they pass: whether they are well-formed, and how large and deep.",
          keys -> {
            var json = keys.section("json", JSON, "What JSON may be.");
            var xml = keys.section("xml", XML, "What XML may be.");
            var hold =
                keys.withDefault(
                    "hold",
                    bool(),
                    StructuralLimitsOptions.DEFAULT.hold(),
                    "Whether the other side hears of nothing before the whole body has passed.");
            var otherTypes =
                keys.withDefault(
                    "otherTypes",
                    oneOf(OtherTypes.class, OtherTypes::word),
                    StructuralLimitsOptions.DEFAULT.otherTypes(),
                    "What becomes of a body that says it is neither: json and xml check it as such.");
            var noType =
                keys.withDefault(
                    "noType",
                    oneOf(OtherTypes.class, OtherTypes::word),
                    StructuralLimitsOptions.DEFAULT.noType(),
                    "What becomes of a body that does not say what it is.");
            return fields ->
                new StructuralLimitsOptions(
                    fields.get(json),
                    fields.get(xml),
                    fields.get(hold),
                    fields.get(otherTypes),
                    fields.get(noType));
          });

  public StructuralLimitsHandlerType() {}

  private static Key<Integer> count(Keys keys, String name, int max, int usual, String doc) {
    return keys.withDefault(name, integer(1, max), usual, doc);
  }

  private static Key<DataSize> bytes(Keys keys, long usual) {
    return keys.withDefault(
        "size",
        size(DataSize.ofBytes(1), DataSize.ofMebibytes(1024)),
        DataSize.ofBytes(usual),
        "Bytes of the body, and of what it becomes when decoded.");
  }

  private static ScalarType<Boolean> duplicates() {
    Map<String, Boolean> words = new LinkedHashMap<>();
    words.put("refuse", false);
    words.put("pass", true);
    return oneOf(words, isAllowed -> isAllowed ? "pass" : "refuse");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.CONTENT;
  }

  @Override
  public Side sides() {
    return Side.BOTH;
  }

  @Override
  public Shape<StructuralLimitsOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(StructuralLimitsOptions options, Side side, HandlerContext context) {
    int loops = context.loopCount();
    Windows windows =
        context.shared(Windows.class, NAME, Integer.toString(loops), () -> Windows.forLoops(loops));
    return new StructuralLimitsHandler(options, side, windows);
  }
}
