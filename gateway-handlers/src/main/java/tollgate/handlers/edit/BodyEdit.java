package tollgate.handlers.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tollgate.config.text.Quoted;
import tollgate.core.expression.BodyPath;
import tollgate.core.expression.Source;
import tollgate.core.message.json.JsonPath;
import tollgate.core.message.xml.XmlName;
import tollgate.core.message.xml.XmlPath;

/** One change of a body. Immutable. */
sealed interface BodyEdit {
  /** Of a body of JSON. */
  sealed interface OfJson extends BodyEdit {
    record Remove(JsonPath path) implements OfJson {}

    record Rename(JsonPath path, String name) implements OfJson {}

    record Move(JsonPath from, JsonPath to) implements OfJson {}

    record Set(JsonPath path, EditValue value) implements OfJson {}

    record Merge(JsonPath path, EditValue patch) implements OfJson {}
  }

  /** Of a body of XML. */
  sealed interface OfXml extends BodyEdit {
    record Remove(XmlPath path) implements OfXml {}

    record Rename(XmlPath path, XmlName name) implements OfXml {}

    record Move(XmlPath from, XmlPath to) implements OfXml {}

    /**
     * @param place where it is made if it is missing
     */
    record Set(XmlPath path, XmlPlace place, EditValue value) implements OfXml {}
  }

  static BodyEdit remove(BodyPath path) {
    return switch (path) {
      case BodyPath.Json(JsonPath json) -> new OfJson.Remove(json);
      case BodyPath.Xml xml -> new OfXml.Remove(nodes(xml));
    };
  }

  /**
   * @throws IllegalArgumentException if XML has no such name
   */
  static BodyEdit rename(BodyPath path, String name, Map<String, String> namespaces) {
    return switch (path) {
      case BodyPath.Json(JsonPath json) -> new OfJson.Rename(json, name);
      case BodyPath.Xml xml -> new OfXml.Rename(nodes(xml), XmlPlace.name(name, namespaces));
    };
  }

  /**
   * @throws IllegalArgumentException if the two cannot go together
   */
  static BodyEdit move(BodyPath from, BodyPath to) {
    if (from instanceof BodyPath.Json(JsonPath source)
        && to instanceof BodyPath.Json(JsonPath target)) {
      if (!source.isSingular() || !target.isSingular()) {
        throw new IllegalArgumentException(
            "move from "
                + Quoted.of(source.toString())
                + ": can select several values (expected: paths of names and indexes alone)");
      }
      return new OfJson.Move(source, target);
    }
    if (from instanceof BodyPath.Xml source && to instanceof BodyPath.Xml target) {
      return new OfXml.Move(nodes(source), nodes(target));
    }
    throw new IllegalArgumentException(
        "has JSONPath beside XPath (expected: one of them, a body is either JSON or XML)");
  }

  /**
   * @throws IllegalArgumentException if the value cannot stand there
   */
  static BodyEdit set(BodyPath path, EditValue value, Map<String, String> namespaces) {
    return switch (path) {
      case BodyPath.Json(JsonPath json) -> new OfJson.Set(json, value);
      case BodyPath.Xml xml -> {
        if (!value.isScalar()) {
          throw new IllegalArgumentException(
              "set " + Quoted.of(xml.text()) + ": is a list or a map (expected: text, in XML)");
        }
        yield new OfXml.Set(nodes(xml), XmlPlace.of(xml.text(), namespaces), value);
      }
    };
  }

  /**
   * @throws IllegalArgumentException for XML, or if the patch can be no object
   */
  static BodyEdit merge(BodyPath path, EditValue patch) {
    if (path instanceof BodyPath.Json(JsonPath json)) {
      if (!patch.mayBeObject()) {
        throw new IllegalArgumentException(
            "merge " + Quoted.of(json.toString()) + ": is no map (expected: a map)");
      }
      return new OfJson.Merge(json, patch);
    }
    throw new IllegalArgumentException(
        "merge has an XPath (expected: JSONPath; write set for XML)");
  }

  private static XmlPath nodes(BodyPath.Xml xml) {
    if (!xml.path().selectsNodes()) {
      throw new IllegalArgumentException(
          Quoted.of(xml.text()) + " selects no nodes (expected e.g. /order/id)");
    }
    return xml.path();
  }

  /** What its values ask for. */
  default List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    switch (this) {
      case OfJson.Set set -> set.value().addSources(sources);
      case OfJson.Merge merge -> merge.patch().addSources(sources);
      case OfXml.Set set -> set.value().addSources(sources);
      case OfJson.Remove _,
          OfJson.Rename _,
          OfJson.Move _,
          OfXml.Remove _,
          OfXml.Rename _,
          OfXml.Move _ -> {}
    }
    return sources;
  }
}
