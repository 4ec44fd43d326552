package tollgate.handlers.structurallimits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.message.scan.JsonLimits;
import tollgate.core.message.scan.XmlLimits;
import tollgate.handlers.testing.PolicyText;

class StructuralLimitsOptionsTest {
  @Test
  void defaultsAreThoseOfThePage() {
    assertThat(PolicyText.options(StructuralLimitsOptions.class, "structuralLimits: {}"))
        .isEqualTo(
            new StructuralLimitsOptions(
                new JsonLimits(
                    32, 1_000, 100_000, 10_000, 256, 1 << 20, 400, 999, false, 10L << 20),
                new XmlLimits(64, 100_000, 10_000, 100, 64, 256, 64 << 10, 1 << 20, 10L << 20),
                false,
                OtherTypes.PASS,
                OtherTypes.PASS));
  }

  @Test
  void readsEveryKey() {
    assertThat(
            PolicyText.responseOptions(
                StructuralLimitsOptions.class,
                "structuralLimits: {json: {depth: 1, members: 2, totalMembers: 3, arrayLength: 4,"
                    + " nameLength: 5, stringLength: 6, numberLength: 7, exponent: 8,"
                    + " duplicateNames: pass, size: 9B}, xml: {depth: 11, elements: 12,"
                    + " children: 13, attributes: 14, namespaces: 15, nameLength: 16,"
                    + " attributeLength: 17, textLength: 18, dtd: deny, size: 19B}, hold: true,"
                    + " otherTypes: refuse, noType: xml}"))
        .isEqualTo(
            new StructuralLimitsOptions(
                new JsonLimits(1, 2, 3, 4, 5, 6, 7, 8, true, 9),
                new XmlLimits(11, 12, 13, 14, 15, 16, 17, 18, 19),
                true,
                OtherTypes.REFUSE,
                OtherTypes.XML));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "structuralLimits: {json: {depth: 0}} | json.depth",
        "structuralLimits: {json: {depth: 10001}} | json.depth",
        "structuralLimits: {json: {member: 1}} | members",
        "structuralLimits: {json: {duplicateNames: true}} | json.duplicateNames",
        "structuralLimits: {xml: {dtd: allow}} | xml.dtd",
        "structuralLimits: {xml: {attributes: 1001}} | xml.attributes",
        "structuralLimits: {xml: {size: 0B}} | xml.size",
        "structuralLimits: {otherTypes: skip} | otherTypes",
        "structuralLimits: {hold: all} | hold"
      })
  void refusesWhatCannotBe(String step, String word) {
    assertThat(PolicyText.problems(step)).contains(word);
  }
}
