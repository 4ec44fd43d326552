package tollgate.handlers.structurallimits;

import static java.util.Objects.requireNonNull;

import tollgate.core.message.scan.JsonLimits;
import tollgate.core.message.scan.XmlLimits;

/**
 * What a payload may be. Immutable.
 *
 * @param hold whether the other side hears of nothing before the whole body has passed
 * @param otherTypes bodies that say they are neither JSON nor XML
 * @param noType bodies that do not say what they are
 */
record StructuralLimitsOptions(
    JsonLimits json, XmlLimits xml, boolean hold, OtherTypes otherTypes, OtherTypes noType) {
  static final StructuralLimitsOptions DEFAULT =
      new StructuralLimitsOptions(
          JsonLimits.DEFAULT, XmlLimits.DEFAULT, false, OtherTypes.PASS, OtherTypes.PASS);

  StructuralLimitsOptions {
    requireNonNull(json, "json");
    requireNonNull(xml, "xml");
    requireNonNull(otherTypes, "otherTypes");
    requireNonNull(noType, "noType");
  }
}
