package tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static tollgate.it.harness.Bytes.MIB;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Hostile bodies, one by one, and what each step that looks into bodies makes of it. Immutable. */
final class PayloadRows {
  private static final String JSON = "application/json";
  private static final String XML = "application/xml";

  private final List<Row> rows = new ArrayList<>();

  /**
   * One body.
   *
   * @param name with the family it is from
   * @param fields type and codings, whole lines
   * @param limits what {@code structuralLimits} makes of it: a code, or {@code pass}
   * @param convert the same of a conversion to XML
   * @param schema the same of the schema for its kind
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(
      String name, String fields, byte[] body, String limits, String convert, String schema) {
    @Override
    public String toString() {
      return name + ", " + body.length + " bytes";
    }
  }

  private PayloadRows() {}

  /**
   * All rows.
   *
   * @param file that nothing may open
   * @param url that nothing may fetch
   */
  static List<Row> all(String file, String url) {
    PayloadRows made = new PayloadRows();
    made.json();
    made.jsonCharsets();
    made.xml();
    made.external(file, url);
    made.xmlCharsets();
    made.codings();
    made.evasions();
    return List.copyOf(made.rows);
  }

  private void json() {
    add("D1 arrays 10^5 deep", JSON, "[".repeat(100_000) + "]".repeat(100_000), "400", "413102");
    add("D1 arrays that stay open", JSON, "[".repeat(100_000), "400", "413102");
    add(
        "D1 objects 10^5 deep",
        JSON,
        "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000),
        "400",
        "413102");
    add("D1 10^6 members", JSON, members(1_000_000, false), "400", "413100");
    add("D1 10^5 members and one", JSON, members(100_001, false), "400", "413102");
    add("D1 names that collide", JSON, members(60_000, true), "400", "pass");
    add("D1 a name twice", JSON, "{\"a\":1,\"a\":2}", "400", "400106");
    add("D1 a name twice, escaped", JSON, "{\"a\":1,\"\\u0061\":2}", "400", "400106");
    add("D1 a name twice, far apart", JSON, twice(20_000), "400", "400106");
    addEach("D1 an exponent without end", JSON, "[1e999999]", "400", "pass", "400110");
    add("D1 half a surrogate pair", JSON, "[\"\\ud800\"]", "400106", "pass");
    add("D1 the other half", JSON, "[\"\\udc00\\ud800\"]", "400106", "pass");
    add("D1 a mark of byte order", JSON, "\uFEFF[1]", "400106", "pass");
    add("D1 a byte behind the end", JSON, "[1]x", "400106", "400106");
    add("D1 a text behind the end", JSON, "[1][2]", "400106", "400106");
    add("D1 a zero behind the end", JSON, "[1]\0", "400106", "400106");
    add("D1 a comma too many", JSON, "[1,]", "400106", "400106");
    add("D1 NaN", JSON, "[NaN]", "400106", "400106");
    add("D1 a comment", JSON, "[1/*x*/]", "400106", "400106");
    add("D1 a number of 10^5 digits", JSON, "[" + "9".repeat(100_000) + "]", "400", "413102");
    byte[] overlong = {'"', (byte) 0xc0, (byte) 0xaf, '"'};
    add("D6 overlong UTF-8", JSON, overlong, "400106", "400106", "400106");
    byte[] surrogate = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'};
    add("D1 a surrogate in UTF-8", JSON, surrogate, "400106", "400106", "400106");
  }

  private static String members(int count, boolean isColliding) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "\"" : ",\"");
      for (int bit = 0; isColliding && bit < 16; bit++) { // all of one String.hashCode()
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append(isColliding ? "" : "m" + i).append("\":0");
    }
    return text.append('}').toString();
  }

  private static String twice(int count) {
    return members(count, false).replaceFirst("}$", ",\"m0\":1}");
  }

  private void jsonCharsets() {
    for (Charset charset :
        new Charset[] {
          UTF_16LE, UTF_16BE, Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE")
        }) {
      add("D1 " + charset, JSON, "{\"a\":1}".getBytes(charset), "415102", "pass", "pass");
      add(
          "D1 " + charset + ", malformed",
          JSON,
          "{\"a\":1,}".getBytes(charset),
          "415102",
          "400106",
          "400106");
    }
    add("D6 UTF-7 by name", JSON + "; charset=utf-7", "+AFs-1+AF0-", "415102", "415100");
    add("D6 UTF-16 by name only", JSON + "; charset=utf-16", "[1] ", "415102", "400106");
    add("D6 two charsets", JSON + "; charset=utf-8; charset=utf-7", "[1]", "415100", "415100");
  }

  private void xml() {
    StringBuilder attributes = new StringBuilder("<a");
    StringBuilder namespaces = new StringBuilder("<a");
    for (int i = 0; i < 100_000; i++) {
      attributes.append(" a").append(i).append("='1'");
      namespaces.append(" xmlns:n").append(i).append("='u'");
    }
    add("D2 10^5 attributes", XML, attributes.append("/>").toString(), "400", "413102");
    add("D2 10^5 namespaces", XML, namespaces.append("/>").toString(), "400", "413102");
    StringBuilder nested = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      nested.append("<a xmlns:n").append(i).append("='u").append(i).append("'>");
    }
    add("D2 a namespace more in each element", XML, nested.toString(), "400", "413102");
    add("D2 elements 10^5 deep", XML, "<a>".repeat(100_000), "400", "413102");
    addXml("D2 a CDATA section of 2 MiB", cdata("x".repeat(2 * MIB)), "400", "pass", "pass");
    addXml("D2 an empty CDATA section", cdata(""), "pass", "pass", "pass");
    add(
        "D2 CDATA sections without number",
        XML,
        "<a>" + "<![CDATA[x]]>".repeat(10_001) + "</a>",
        "400",
        "pass");
    add("D2 an attribute twice", XML, "<a b='1' b='2'/>", "400106", "400106");
    add(
        "D2 an attribute twice, by namespace",
        XML,
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "400106",
        "400106");
    add("D2 an entity nobody declares", XML, "<a>&x;</a>", "400106", "400106");
    add("D2 a prefix nobody declares", XML, "<p:a/>", "400106", "400106");
    add("D2 two roots", XML, "<a/><a/>", "400106", "400106");
    add("D2 a reference to zero", XML, "<a>&#0;</a>", "400106", "400106");
  }

  private static String cdata(String text) {
    return "<a><![CDATA[" + text + "]]></a>";
  }

  private void external(String file, String url) {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE a [<!ENTITY e0 'ha'>");
    for (int i = 1; i < 10; i++) {
      laughs.append("<!ENTITY e").append(i).append(" '");
      laughs.append(("&e" + (i - 1) + ";").repeat(10)).append("'>");
    }
    dtd("D2 billion laughs", laughs + "]><a>&e9;</a>");
    dtd(
        "D2 quadratic blow-up",
        "<!DOCTYPE a [<!ENTITY e '"
            + "x".repeat(50_000)
            + "'>]><a>"
            + "&e;".repeat(50_000)
            + "</a>");
    dtd("D2 XXE, a file", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file://" + file + "\">]><a>&e;</a>");
    dtd("D2 XXE, a path", "<!DOCTYPE a [<!ENTITY e SYSTEM \"" + file + "\">]><a>&e;</a>");
    dtd("D2 XXE, http", "<!DOCTYPE a [<!ENTITY e SYSTEM \"" + url + "\">]><a>&e;</a>");
    dtd("D2 XXE, public", "<!DOCTYPE a [<!ENTITY e PUBLIC 'p' \"" + url + "\">]><a>&e;</a>");
    dtd("D2 XXE, a subset", "<!DOCTYPE a SYSTEM \"" + url + "\"><a/>");
    dtd("D2 XXE, a subset in a file", "<!DOCTYPE a SYSTEM \"file://" + file + "\"><a/>");
    dtd("D2 XXE, a parameter", "<!DOCTYPE a [<!ENTITY % p SYSTEM \"" + url + "\"> %p;]><a/>");
    dtd(
        "D2 XXE, out of band",
        "<!DOCTYPE a [<!ENTITY % f SYSTEM \"file://"
            + file
            + "\"><!ENTITY % p \"<!ENTITY x SYSTEM '"
            + url
            + "?%f;'>\"> %p;]><a>&x;</a>");
    dtd(
        "D2 a DTD in SOAP",
        "<?xml version='1.0'?><!DOCTYPE s [<!ENTITY e SYSTEM \""
            + url
            + "\">]>"
            + "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><a>&e;</a>"
            + "</s:Body></s:Envelope>");
    addXml(
        "D2 XInclude",
        "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include parse='text' href='file://"
            + file
            + "'/><xi:include href='"
            + url
            + "'/></a>",
        "pass",
        "pass",
        "pass");
    addXml(
        "D2 a schema that the message names",
        "<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='urn:a "
            + url
            + "' i:noNamespaceSchemaLocation='file://"
            + file
            + "'/>",
        "pass",
        "pass",
        "pass");
    addXml(
        "D2 a style sheet that the message names",
        "<?xml-stylesheet type='text/xsl' href='" + url + "'?><a>" + file + "</a>",
        "pass",
        "pass",
        "pass");
  }

  private void dtd(String name, String text) {
    add(name, XML, text, "400", "400106");
  }

  private void xmlCharsets() {
    for (String name : new String[] {"UTF-7", "IBM037", "CP1047", "ISO-2022-JP", "UCS-7"}) {
      add(
          "D2 declared to be " + name,
          XML,
          "<?xml version=\"1.0\" encoding=\"" + name + "\"?><a/>",
          "415102",
          "415100");
    }
    byte[] ebcdic = "<?xml version='1.0'?><a/>".getBytes(Charset.forName("IBM037"));
    add("D2 EBCDIC", XML, ebcdic, "415102", "415100", "415100");
    add("D2 UTF-7 by the media type", XML + "; charset=utf-7", "+ADw-a/+AD4-", "415102", "415100");
    byte[] wide = "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>".getBytes(UTF_16LE);
    add("D6 a DTD in UTF-16", XML, wide, "415102", "400106", "400106");
    byte[] marked = "\uFEFF<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>".getBytes(UTF_16BE);
    add("D6 a DTD in marked UTF-16", XML, marked, "415102", "400106", "400106");
  }

  private void codings() {
    for (String coding : new String[] {"chunked", "snappy", "compress", "x", "gzip, gzip, gzip"}) {
      add("A23 " + coding, coded(JSON, coding), bytes("[1]"), "415101", "415101", "415101");
    }
    byte[] spaces = " ".repeat(64 * MIB).getBytes(UTF_8);
    for (String coding : new String[] {"gzip", "br", "zstd"}) {
      add("A24 a bomb", coded(JSON, coding), packed(coding, spaces), "413103", "413102", "413102");
      add(
          "A24 a bomb of XML",
          coded(XML, coding),
          packed(coding, spaces),
          "413103",
          "413102",
          "413102");
      byte[] bad = packed(coding, bytes("{\"a\":1,\"a\":2}"));
      add("D6 a name twice", coded(JSON, coding), bad, "400", "400106", "400106");
      byte[] dtd = packed(coding, bytes("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"));
      add("D6 a DTD", coded(XML, coding), dtd, "400", "400106", "400106");
      byte[] wrong = packed(coding, bytes("{\"role\":\"admin\"}"));
      add("D6 what the schema forbids", coded(JSON, coding), wrong, "pass", "pass", "400110");
      add("D6 no such coding", coded(JSON, coding), bytes("[1]"), "400106", "400106", "400106");
    }
    byte[] twice = packed("gzip", packed("gzip", spaces));
    add("A24 a bomb in a bomb", coded(JSON, "gzip, gzip"), twice, "413103", "413102", "413102");
  }

  private static String coded(String type, String coding) {
    return type + "\r\nContent-Encoding: " + coding;
  }

  private void evasions() {
    addEach("D6 an escaped name", JSON, "{\"\\u0072ole\":\"admin\"}", "pass", "pass", "400110");
    addEach("D6 an escaped value", JSON, "{\"role\":\"\\u0061dmin\"}", "pass", "pass", "400110");
    addEach("D6 the plain form", JSON, "{\"role\":\"admin\"}", "pass", "pass", "400110");
    addEach(
        "D6 an escaped value that is good",
        JSON,
        "{\"role\":\"\\u0075ser\"}",
        "pass",
        "pass",
        "pass");
    addEach("D6 upper case", "APPLICATION/JSON", "{\"role\":\"admin\"}", "pass", "pass", "400110");
    addEach("D6 a parameter", JSON + ";v=\"1\"", "{\"role\":\"admin\"}", "pass", "pass", "400110");
    addEach("D6 a suffix", "application/x+json", "{\"role\":\"admin\"}", "pass", "pass", "400110");
    addEach("D6 text/plain", "text/plain", "{\"role\":\"admin\"}", "pass", "pass", "415100");
    addEach(
        "D6 no such type", "application/x-y", "{\"role\":\"admin\"}", "pass", "415100", "415100");
    add("D6 two types", JSON + ", text/plain", "[1]", "415100", "415100");
    String form = "multipart/form-data; boundary=b";
    for (String name :
        new String[] {
          "filename=\"a.txt\"; filename*=UTF-8''a.jsp",
          "filename=\"a.txt\"; filename=\"a.jsp\"",
          "filename=\"a\\\";x=\".jsp\"",
          "filename=\"a.txt"
        }) {
      addEach("D6 a file by two names, " + name, form, part(name), "pass", "400106", "415100");
    }
    addEach("D6 a form without an end", form, "--b\r\n\r\nx", "pass", "400106", "415100");
  }

  private static String part(String fileName) {
    return "--b\r\nContent-Disposition: form-data; name=\"f\"; "
        + fileName
        + "\r\n\r\nx\r\n--b--\r\n";
  }

  private void add(String name, String type, String text, String limits, String built) {
    add(name, type, bytes(text), limits, built, built);
  }

  private void addEach(
      String name, String type, String text, String limits, String convert, String schema) {
    add(name, type, bytes(text), limits, convert, schema);
  }

  private void addXml(String name, String text, String limits, String convert, String schema) {
    add(name, XML, bytes(text), limits, convert, schema);
  }

  private void add(
      String name, String type, byte[] body, String limits, String convert, String schema) {
    rows.add(new Row(name, "Content-Type: " + type + "\r\n", body, limits, convert, schema));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** In one content coding. */
  static byte[] packed(String coding, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (coding) {
          case "gzip" -> new GZIPOutputStream(bytes);
          case "br" -> new BrotliOutputStream(bytes);
          default -> new ZstdOutputStream(bytes);
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
