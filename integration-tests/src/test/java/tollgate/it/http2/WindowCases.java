package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.http2.ErrorCode.FLOW_CONTROL_ERROR;
import static tollgate.it.http2.ErrorCode.FRAME_SIZE_ERROR;
import static tollgate.it.http2.ErrorCode.PROTOCOL_ERROR;

import java.io.IOException;

/** Windows and WINDOW_UPDATE: RFC 9113 sections 5.2 and 6.9. */
final class WindowCases {
  private static final int MOST = 0x7fff_ffff;

  private WindowCases() {}

  static void addTo(Cases cases) {
    addForm(cases);
    addOverflow(cases);
    addRespect(cases);
    addInitial(cases);
    addOfServer(cases);
  }

  private static void addForm(Cases cases) {
    cases.add(
        "6.9",
        "an increment of 0 for the connection",
        probe -> {
          probe.open();
          probe.send(Frame.windowUpdate(0, 0));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "6.9",
        "an increment of 0 for a stream",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(1, Probe.OK);
          probe.send(Frame.windowUpdate(1, 0));
          probe.expectStreamError(1, PROTOCOL_ERROR);
        });
    cases.add(
        "6.9",
        "an increment of 0 but for the reserved bit",
        probe -> {
          probe.open();
          probe.send(Frame.windowUpdate(0, 0x8000_0000));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    for (int length : new int[] {0, 3, 5}) {
      cases.add(
          "6.9",
          "WINDOW_UPDATE of " + length + " octets",
          probe -> {
            probe.open();
            probe.send(Frame.of(Frame.WINDOW_UPDATE, 0, 0, new byte[length]));
            probe.expectConnectionError(FRAME_SIZE_ERROR);
          });
      cases.add(
          "6.9",
          "WINDOW_UPDATE of " + length + " octets on a stream",
          probe -> {
            probe.openWithoutWindows();
            probe.ask(1, Probe.OK);
            probe.send(Frame.of(Frame.WINDOW_UPDATE, 0, 1, new byte[length]));
            probe.expectConnectionError(FRAME_SIZE_ERROR);
          });
    }
  }

  private static void addOverflow(Cases cases) {
    cases.add(
        "6.9.1",
        "the connection's window above 2^31-1",
        probe -> {
          probe.open();
          probe.send(Frame.windowUpdate(0, MOST), Frame.windowUpdate(0, MOST));
          probe.expectConnectionError(FLOW_CONTROL_ERROR);
        });
    cases.add(
        "6.9.1",
        "the connection's window above 2^31-1 by one",
        probe -> {
          probe.open();
          int left = MOST - Http2Client.DEFAULT_WINDOW;
          probe.send(Frame.windowUpdate(0, left));
          probe.client().fence();
          probe.send(Frame.windowUpdate(0, 1));
          probe.expectConnectionError(FLOW_CONTROL_ERROR);
        });
    cases.add(
        "6.9.1",
        "a stream's window above 2^31-1",
        probe -> {
          probe.openWithoutWindows();
          probe.begin(1, Probe.ECHO);
          probe.send(Frame.windowUpdate(1, MOST), Frame.windowUpdate(1, MOST));
          probe.expectStreamError(1, FLOW_CONTROL_ERROR);
        });
    cases.add(
        "6.9.1",
        "a stream's window above 2^31-1 by one",
        probe -> {
          probe.openWithoutWindows();
          probe.begin(1, Probe.ECHO);
          probe.send(Frame.windowUpdate(1, MOST));
          probe.client().fence();
          assertThat(probe.client().answer(1).reset()).isNull();
          probe.send(Frame.windowUpdate(1, 1));
          probe.expectStreamError(1, FLOW_CONTROL_ERROR);
        });
    cases.add(
        "6.9.2",
        "a stream's window above 2^31-1 by SETTINGS",
        probe -> {
          probe.openWithoutWindows();
          probe.begin(1, Probe.ECHO);
          probe.send(Frame.windowUpdate(1, MOST), Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1));
          probe.expectConnectionError(FLOW_CONTROL_ERROR);
        });
  }

  /** As many octets came as are allowed, and no more do. */
  private static void expectBody(Probe probe, int stream, int length) throws IOException {
    Http2Client client = probe.client();
    Answer answer = client.awaitBody(stream, length);
    client.fence();
    assertThat(answer.bodyLength()).as("%s; %s", answer, client).isEqualTo(length);
  }

  private static void addRespect(Cases cases) {
    cases.add(
        "6.9.1",
        "a window of one octet gets one octet, and one more for one more",
        probe -> {
          probe.open(Frame.INITIAL_WINDOW_SIZE, 1);
          probe.ask(1, Probe.LARGE);
          expectBody(probe, 1, 1);
          probe.send(Frame.windowUpdate(1, 1));
          expectBody(probe, 1, 2);
          probe.send(Frame.windowUpdate(1, 5000));
          expectBody(probe, 1, 5002);
        });
    cases.add(
        "6.9.1",
        "a window of nothing gets a head and nothing else",
        probe -> {
          Http2Client client = probe.openWithoutWindows();
          probe.ask(1, Probe.OK);
          assertThat(client.awaitHead(1).status()).isEqualTo(200);
          client.fence();
          assertThat(client.answer(1).bodyLength()).isZero();
          assertThat(client.answer(1).isEnded()).isFalse();
          probe.send(Frame.windowUpdate(1, 1));
          expectBody(probe, 1, 1);
          probe.send(Frame.windowUpdate(1, 100));
          probe.expectServed(1);
        });
    cases.add(
        "6.9.1",
        "the connection's window holds whatever the streams' are",
        probe -> {
          Http2Client client = probe.open(Frame.INITIAL_WINDOW_SIZE, MOST);
          probe.ask(1, Probe.LARGE);
          expectBody(probe, 1, 65_535);
          // A stream that has windows of its own waits for the same one.
          probe.ask(3, Probe.OK);
          client.awaitHead(3);
          client.fence();
          assertThat(client.answer(3).bodyLength()).isZero();
          probe.send(Frame.windowUpdate(0, 200_000));
          assertThat(probe.expectServed(1).bodyLength()).isEqualTo(Probe.LARGE_LENGTH);
          probe.expectServed(3);
        });
    cases.add(
        "6.9.1",
        "one octet at a time for the connection",
        probe -> {
          Http2Client client = probe.open(Frame.INITIAL_WINDOW_SIZE, MOST);
          probe.ask(1, Probe.LARGE);
          expectBody(probe, 1, 65_535);
          for (int i = 1; i <= 3; i++) {
            probe.send(Frame.windowUpdate(0, 1));
            expectBody(probe, 1, 65_535 + i);
          }
          assertThat(client.answer(1).isEnded()).isFalse();
        });
    cases.add(
        "6.9.1",
        "windows of many streams are counted one by one",
        probe -> {
          Http2Client client = probe.open(Frame.INITIAL_WINDOW_SIZE, 10);
          for (int stream = 1; stream < 21; stream += 2) {
            probe.ask(stream, Probe.LARGE);
          }
          for (int stream = 1; stream < 21; stream += 2) {
            client.awaitBody(stream, 10);
            probe.send(Frame.windowUpdate(stream, stream));
          }
          for (int stream = 1; stream < 21; stream += 2) {
            expectBody(probe, stream, 10 + stream);
          }
        });
  }

  private static void addInitial(Cases cases) {
    cases.add(
        "6.9.2",
        "a larger initial window is added to streams that are there",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(1, Probe.LARGE);
          probe.client().awaitHead(1);
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1));
          expectBody(probe, 1, 1);
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 100));
          expectBody(probe, 1, 100);
        });
    cases.add(
        "6.9.2",
        "a smaller initial window makes windows negative",
        probe -> {
          probe.open(Frame.INITIAL_WINDOW_SIZE, 3);
          probe.ask(1, Probe.LARGE);
          expectBody(probe, 1, 3);
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 2)); // -1
          probe.client().awaitSettingsAck();
          probe.send(Frame.windowUpdate(1, 1)); // 0
          expectBody(probe, 1, 3);
          probe.send(Frame.windowUpdate(1, 2));
          expectBody(probe, 1, 5);
        });
    cases.add(
        "6.9.2",
        "far below nothing and back",
        probe -> {
          probe.open(Frame.INITIAL_WINDOW_SIZE, 20_000);
          probe.ask(1, Probe.LARGE);
          expectBody(probe, 1, 20_000);
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 0));
          probe.client().awaitSettingsAck();
          probe.send(Frame.windowUpdate(1, 20_000)); // 0
          expectBody(probe, 1, 20_000);
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 7));
          expectBody(probe, 1, 20_007);
        });
    cases.add(
        "6.9.2",
        "SETTINGS do not touch the connection's window",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(1, Probe.LARGE);
          probe.client().awaitHead(1);
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1 << 20));
          expectBody(probe, 1, 65_535);
        });
  }

  /** Windows that the server gives us. */
  private static void addOfServer(Cases cases) {
    cases.add(
        "5.2",
        "a body of many windows is taken as fast as windows are given",
        probe -> {
          Http2Client client = probe.open(Frame.INITIAL_WINDOW_SIZE, MOST);
          probe.send(Frame.windowUpdate(0, 1 << 24));
          probe.begin(1, Probe.ECHO);
          GrantedWindows windows = new GrantedWindows(client);
          int left = 1_000_000;
          while (left > 0) {
            int piece = Math.min(left, windows.await(1, 10_000));
            probe.send(Frame.data(1, left == piece, Probe.zeros(piece)));
            left -= piece;
          }
          assertThat(probe.expectServed(1).bodyLength()).isEqualTo(1_000_000);
        });
    cases.add(
        "6.9.1",
        "more than the windows allow is FLOW_CONTROL_ERROR",
        probe -> {
          Http2Client client = probe.open();
          probe.begin(1, Probe.UNREAD);
          for (int sent = 0; sent < 64 << 20 && !client.isCut(); sent += 16_384) {
            probe.send(Frame.data(1, false, Probe.zeros(16_384)));
          }
          while (client.answer(1).reset() == null && client.read() != null) {
            // up to what it says of it
          }
          if (client.answer(1).reset() == null) {
            probe.expectConnectionError(FLOW_CONTROL_ERROR);
          } else {
            assertThat(client.answer(1).reset()).isEqualTo(FLOW_CONTROL_ERROR);
          }
        });
  }
}
