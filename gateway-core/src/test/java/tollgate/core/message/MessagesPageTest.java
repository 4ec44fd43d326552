package tollgate.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tollgate.core.media.MediaType;
import tollgate.core.message.JsonXml.Shape;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/** The examples and tables of {@code docs/messages.md}. */
class MessagesPageTest {
  private static final Pattern BLOCK = Pattern.compile("```(json|xml)\\n(.*?)```", Pattern.DOTALL);

  private String page = "";

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(Path.of("../docs/messages.md"));
  }

  @Test
  void exactExamplesAreTrue() {
    List<String> blocks = blocks("### exact", 4);
    toXmlAndBack(blocks.get(0), blocks.get(1), Shape.EXACT);
    assertThat(JsonXml.toJson(xml(blocks.get(2)), Shape.EXACT))
        .hasToString(compact(blocks.get(3)).toString());
  }

  @Test
  void wso2ExampleIsTrue() {
    List<String> blocks = blocks("### wso2", 2);
    toXmlAndBack(blocks.get(0), blocks.get(1), Shape.WSO2);
  }

  @Test
  void badgerfishExampleIsTrue() {
    List<String> blocks = blocks("### badgerfish", 2);
    toXmlAndBack(blocks.get(1), blocks.get(0), Shape.BADGERFISH);
  }

  @Test
  void typesOfFormatsAreTrue() {
    Matcher row = Pattern.compile("\\| `(json|ndjson|form|text)` \\| ([^|]*) \\|").matcher(page);
    int rows = 0;
    while (row.find()) {
      rows++;
      for (String type : row.group(2).replace("`", "").split(", ", -1)) {
        MediaType media = MediaType.of(type.startsWith("+") ? "application/x" + type : type);
        MessageFormat format = MessageFormats.builtIn().format(media);
        assertThat(format == null ? null : format.name()).as(type).isEqualTo(row.group(1));
      }
    }
    assertThat(rows).isEqualTo(4);
  }

  @Test
  void limitsAreTrue() throws ReflectiveOperationException {
    Matcher row = Pattern.compile("\\| `([a-zA-Z]+)` \\| ([0-9,]+)( MiB)? \\|").matcher(page);
    List<String> names = new ArrayList<>();
    while (row.find()) {
      names.add(row.group(1));
      int value = Integer.parseInt(row.group(2).replace(",", ""));
      Object limit = PayloadLimits.class.getMethod(row.group(1)).invoke(PayloadLimits.DEFAULT);
      assertThat(limit).as(row.group(1)).isEqualTo(row.group(3) == null ? value : value << 20);
    }
    assertThat(names).hasSize(PayloadLimits.class.getRecordComponents().length);
  }

  private static void toXmlAndBack(String json, String xml, Shape shape) {
    JsonDocument compact = compact(json);
    XmlDocument made = JsonXml.toXml(compact, shape);
    assertThat(made).hasToString(dense(xml));
    assertThat(JsonXml.toXml(JsonXml.toJson(made, shape), shape)).hasToString(dense(xml));
    if (shape == Shape.EXACT || shape == Shape.BADGERFISH) {
      assertThat(JsonXml.toJson(xml(xml), shape)).hasToString(compact.toString());
    }
  }

  private List<String> blocks(String heading, int count) {
    int from = page.indexOf(heading + "\n");
    assertThat(from).isPositive();
    Matcher block = BLOCK.matcher(page.substring(from));
    List<String> blocks = new ArrayList<>();
    while (blocks.size() < count && block.find()) {
      blocks.add(block.group(2));
    }
    return blocks;
  }

  private static JsonDocument compact(String json) {
    return new JsonComposer(0).copy(JsonParser.parse(json), JsonDocument.ROOT).finish();
  }

  private static String dense(String xml) {
    return xml.strip().replaceAll(">\\s+<", "><");
  }

  private static XmlDocument xml(String xml) {
    return XmlParser.parse(
        xml.strip().getBytes(StandardCharsets.UTF_8), null, PayloadLimits.DEFAULT);
  }
}
