package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.RawClient;

/** How a connection begins: RFC 9113 section 3. */
final class PrefaceCases {
  private PrefaceCases() {}

  static void addTo(Cases cases) {
    cases.add(
        "3.4",
        "the server's first frame is SETTINGS",
        probe -> {
          Http2Client client = probe.connect();
          client.write(Http2Client.PREFACE);
          client.send(Frame.settings());
          Frame first = client.read();
          assertThat(first).isNotNull();
          assertThat(first.type()).isEqualTo(Frame.SETTINGS);
          assertThat(first.has(Frame.ACK)).isFalse();
        });
    cases.add(
        "3.4",
        "a request goes out before the server's SETTINGS came",
        probe -> {
          Http2Client client = probe.connect();
          client.write(Http2Client.PREFACE);
          probe.send(Frame.settings(), Frame.headers(1, true, probe.get(Probe.OK)));
          probe.expectServed(1);
        });
    cases.add(
        "3.4",
        "preface and request come octet by octet",
        probe -> {
          Http2Client client = probe.connect();
          byte[] all =
              Frame.joined(
                  Http2Client.PREFACE,
                  Frame.bytes(Frame.settings(), Frame.headers(1, true, probe.get(Probe.OK))));
          for (byte octet : all) {
            client.write(new byte[] {octet});
          }
          client.sentByHand(Frame.settings());
          probe.expectServed(1);
        });
    String preface = Bytes.text(Http2Client.PREFACE);
    for (String wrong :
        new String[] {
          "INVALID CONNECTION PREFACE\r\n\r\n",
          preface.replace("SM", "XX"),
          preface.replace("2.0", "2.1"),
          preface.replace("PRI", "GET"),
          preface.substring(0, preface.length() - 1) + "\r"
        }) {
      cases.add(
          "3.4",
          "a wrong preface ends the connection: " + wrong.strip().replace("\r\n", "|"),
          probe -> {
            try (Socket socket = probe.endpoint().connect();
                RawClient client = RawClient.over(socket)) {
              client.send(wrong).send(Frame.settings().bytes());
              client.endOutput();
              String answer = client.readToClose();
              assertThat(answer).doesNotContain(" 200 ");
            }
          });
    }
    firstFrame(cases, "PING", Frame.ping(1));
    firstFrame(cases, "WINDOW_UPDATE", Frame.windowUpdate(0, 1));
    firstFrame(cases, "acknowledged SETTINGS", Frame.settingsAck());
    firstFrame(cases, "of an unknown type", Frame.of(0x77, 0, 0));
    cases.add(
        "3.4",
        "the first frame is no SETTINGS: HEADERS",
        probe -> {
          probe.connect().write(Http2Client.PREFACE);
          probe.send(Frame.headers(1, true, probe.get(probe.never())));
          probe.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
        });
    cases.add(
        "3.4",
        "a second preface is no frame",
        probe -> {
          probe.open().write(Http2Client.PREFACE);
          probe.expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, ErrorCode.PROTOCOL_ERROR);
        });
    cases.addInCleartext(
        "3.1",
        "Upgrade: h2c is none",
        probe -> {
          try (Socket socket = probe.endpoint().connect();
              RawClient client = RawClient.over(socket)) {
            client.send(
                "GET "
                    + probe.endpoint().prefix()
                    + Probe.OK
                    + " HTTP/1.1\r\nHost: "
                    + probe.endpoint().authority()
                    + "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            int status = client.readHead().status();
            assertThat(status).as("no 101").isIn(200, 400);
          }
        });
    cases.addInCleartext(
        "3.3",
        "HTTP/1.1 is served on the same port",
        probe -> {
          try (Socket socket = probe.endpoint().connect();
              RawClient client = RawClient.over(socket)) {
            askInHttp1(probe, client);
          }
        });
    cases.addOverTls(
        "3.2",
        "h2 is chosen where http/1.1 is offered as well",
        probe -> {
          try (Socket socket = probe.endpoint().connect(0, "http/1.1", "h2")) {
            assertThat(((SSLSocket) socket).getApplicationProtocol()).isEqualTo("h2");
          }
        });
    cases.addOverTls(
        "3.2",
        "http/1.1 is spoken where it alone is offered",
        probe -> {
          try (Socket socket = probe.endpoint().connect(0, "http/1.1");
              RawClient client = RawClient.over(socket)) {
            assertThat(((SSLSocket) socket).getApplicationProtocol()).isEqualTo("http/1.1");
            askInHttp1(probe, client);
          }
        });
    cases.addOverTls(
        "3.2",
        "http/1.1 is spoken where nothing is offered",
        probe -> {
          try (Socket socket = probe.endpoint().connect(0);
              RawClient client = RawClient.over(socket)) {
            assertThat(((SSLSocket) socket).getApplicationProtocol()).isEmpty();
            askInHttp1(probe, client);
          }
        });
    cases.addOverTls(
        "3.2",
        "HTTP/1.1 is not spoken where h2 was chosen",
        probe -> {
          try (Socket socket = probe.endpoint().connect();
              RawClient client = RawClient.over(socket)) {
            client.send("GET " + probe.never() + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readToClose()).doesNotContain("HTTP/1.1");
          }
        });
  }

  private static void firstFrame(Cases cases, String name, Frame frame) {
    cases.add(
        "3.4",
        "the first frame is no SETTINGS: " + name,
        probe -> {
          probe.connect().write(Http2Client.PREFACE);
          probe.client().write(frame.bytes());
          probe.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
        });
  }

  private static void askInHttp1(Probe probe, RawClient client) throws IOException {
    client.send(
        "GET "
            + probe.endpoint().prefix()
            + Probe.OK
            + " HTTP/1.1\r\nHost: "
            + probe.endpoint().authority()
            + "\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(200);
  }
}
