package tollgate.core.message.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.helpers.DefaultHandler;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;

/** Documents made to hurt whoever parses them. */
class HostileXmlTest {
  @TempDir Path folder;

  @Test
  void opensNoFileAndNoConnection() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      String address = "http://127.0.0.1:" + server.getLocalPort() + "/x";
      String file = secret.toUri().toString();
      List<String> refused =
          List.of(
              "<!DOCTYPE a [<!ENTITY e SYSTEM '" + file + "'>]><a>&e;</a>",
              "<!DOCTYPE a [<!ENTITY e SYSTEM '" + address + "'>]><a>&e;</a>",
              "<!DOCTYPE a [<!ENTITY % p SYSTEM '" + address + "'>%p;]><a/>",
              "<!DOCTYPE a SYSTEM '" + address + "'><a/>",
              "<!DOCTYPE a PUBLIC '-//W3C//DTD' '" + file + "'><a/>",
              "<?xml version='1.0'?>\n<!--c-->\n<!DOCTYPE a SYSTEM '" + file + "'><a/>");
      List<String> harmless =
          List.of(
              "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='" + file + "'/></a>",
              "<?xml-stylesheet href='" + address + "'?><a/>",
              "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='u "
                  + address
                  + "' xml:base='"
                  + address
                  + "'/>");
      try (Recording recording = new Recording()) {
        recording.enable("jdk.FileRead").withThreshold(Duration.ZERO);
        recording.enable("jdk.SocketConnect").withThreshold(Duration.ZERO);
        recording.start();
        refused.forEach(text -> assertThat(isRefused(text)).as(text).isTrue());
        for (String text : harmless) {
          XmlDocument document = XmlParser.parse(text.getBytes(UTF_8), null, PayloadLimits.DEFAULT);
          document.emit(new DefaultHandler());
          XmlPath.compile("string(//*)", Map.of()).string(document);
          assertThat(new String(document.toBytes(), UTF_8)).isEqualTo(text);
        }
        assertThat(reads(recording, secret)).isZero();
        assertThat(isConnected(server)).isFalse();
        // The recorder and the server do see what happens.
        assertThat(Files.newInputStream(secret).readAllBytes()).isNotEmpty();
        try (var in = new java.io.FileInputStream(secret.toFile());
            Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
          assertThat(in.readAllBytes()).isNotEmpty();
          assertThat(socket.isConnected()).isTrue();
        }
        assertThat(reads(recording, secret)).isPositive();
        assertThat(isConnected(server)).isTrue();
      }
    }
  }

  @Test
  void refusesWhatExpands() {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE a [<!ENTITY l0 'ha'>");
    for (int i = 1; i < 30; i++) {
      laughs
          .append("<!ENTITY l")
          .append(i)
          .append(" '&l")
          .append(i - 1)
          .append(";&l")
          .append(i - 1)
          .append(";'>");
    }
    assertThat(isRefused(laughs + "]><a>&l29;</a>")).isTrue();
    assertThat(
            isRefused(
                "<!DOCTYPE a [<!ENTITY l '"
                    + "x".repeat(100_000)
                    + "'>]><a>"
                    + "&l;".repeat(10_000)
                    + "</a>"))
        .isTrue();
  }

  @Test
  void readsManyAttributesAndDeclarations() {
    StringBuilder attributes = new StringBuilder("<a");
    StringBuilder declarations = new StringBuilder("<a");
    StringBuilder elements = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      attributes.append(" a").append(i).append("='v'");
      declarations.append(" xmlns:p").append(i).append("='u'");
      elements.append("<p").append(i).append(":b/>");
    }
    XmlDocument many = parse(attributes + "/>");
    assertThat(many.attribute(many.root(), "", "a99999")).isNotEqualTo(XmlDocument.NONE);
    XmlDocument bomb = parse(declarations + ">" + elements + "</a>");
    assertThat(bomb.namespace(bomb.firstChild(bomb.root()))).isEqualTo("u");
    assertThat(isRefused(attributes + " a7='again'/>", PayloadLimits.NONE)).isTrue();
    assertThat(isRefused(declarations + " xmlns:p7='u'/>", PayloadLimits.NONE)).isTrue();
    assertThat(isRefused(attributes + "/>")).as("by default").isTrue();
  }

  @Test
  void readsDeclarationsShadowedAllTheWayDown() {
    int depth = 50_000;
    String text = "<a xmlns:p='u' xmlns:q='v'>".repeat(depth) + "<q:b/>" + "</a>".repeat(depth);
    assertThat(parse(text).size()).isEqualTo(text.length());
    assertThat(isRefused(text)).as("by default").isTrue();
  }

  @Test
  void refusesMoreNamespacesThanItNumbers() {
    StringBuilder text = new StringBuilder("<a>");
    for (int i = 0; i < 5_000; i++) {
      text.append("<b xmlns='u").append(i).append("'/>");
    }
    assertThat(isRefused(text + "</a>", PayloadLimits.NONE)).isTrue();
  }

  @Test
  void readsNestingWithoutRecursion() throws Exception {
    String text = "<a>".repeat(1_000_000) + "</a>".repeat(1_000_000);
    XmlDocument document = parse(text);
    document.emit(new DefaultHandler());
    assertThat(XmlPath.compile("count(//a)", Map.of()).number(document)).isEqualTo(1_000_000);
    assertThat(document.value(document.root())).isEmpty();
  }

  @Test
  void readsSectionsAndReferencesInNumbers() {
    XmlDocument sections = parse("<a>" + "<![CDATA[]]>".repeat(100_000) + "</a>");
    assertThat(sections.value(sections.root())).isEmpty();
    XmlDocument open = parse("<a><![CDATA[" + "]]".repeat(500_000) + "]]></a>");
    assertThat(open.value(open.root())).hasSize(1_000_000);
    XmlDocument references =
        parse("<a>" + "&amp;".repeat(200_000) + "&#" + "0".repeat(500_000) + "65;</a>");
    assertThat(references.value(references.root())).hasSize(200_001).endsWith("A");
    assertThat(isRefused("<a>" + "<![CDATA[".repeat(100_000), PayloadLimits.NONE)).isTrue();
    assertThat(isRefused("<a>&" + "x".repeat(1_000_000), PayloadLimits.NONE)).isTrue();
    assertThat(isRefused("<a " + "<".repeat(1_000_000), PayloadLimits.NONE)).isTrue();
    assertThat(isRefused("<a><!--" + "-".repeat(1_000_000), PayloadLimits.NONE)).isTrue();
  }

  private static long reads(Recording recording, Path of) throws IOException {
    Path dump = Files.createTempFile("reads", ".jfr");
    try {
      recording.dump(dump);
      long count = 0;
      for (RecordedEvent event : RecordingFile.readAllEvents(dump)) {
        if (event.getEventType().getName().equals("jdk.FileRead")
            && of.toString().equals(event.getString("path"))) {
          count++;
        }
      }
      return count;
    } finally {
      Files.delete(dump);
    }
  }

  private static boolean isConnected(ServerSocket server) throws IOException {
    server.setSoTimeout(50);
    try (Socket accepted = server.accept()) {
      return accepted.isConnected();
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  private static XmlDocument parse(String text) {
    return XmlParser.parse(text.getBytes(UTF_8), null, PayloadLimits.NONE);
  }

  private static boolean isRefused(String text) {
    return isRefused(text, PayloadLimits.DEFAULT);
  }

  private static boolean isRefused(String text, PayloadLimits limits) {
    try {
      XmlParser.parse(text.getBytes(UTF_8), null, limits);
      return false;
    } catch (MalformedPayloadException e) {
      return true;
    }
  }
}
