package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.http2.ErrorCode.FLOW_CONTROL_ERROR;
import static tollgate.it.http2.ErrorCode.FRAME_SIZE_ERROR;
import static tollgate.it.http2.ErrorCode.PROTOCOL_ERROR;

/** SETTINGS: RFC 9113 section 6.5. */
final class SettingsCases {
  private static final int TOO_LARGE_WINDOW = 0x8000_0000;

  private SettingsCases() {}

  static void addTo(Cases cases) {
    addForm(cases);
    addValues(cases);
    addServerValues(cases);
  }

  private static void addForm(Cases cases) {
    cases.add(
        "6.5",
        "acknowledgement with a payload",
        probe -> {
          probe.open();
          probe.send(Frame.of(Frame.SETTINGS, Frame.ACK, 0, new byte[6]));
          probe.expectConnectionError(FRAME_SIZE_ERROR);
        });
    cases.add(
        "6.5",
        "on a stream",
        probe -> {
          probe.open();
          probe.client().write(Frame.of(Frame.SETTINGS, 0, 1).bytes());
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    for (int length : new int[] {1, 3, 5, 7}) {
      cases.add(
          "6.5",
          "of " + length + " octets",
          probe -> {
            probe.open();
            probe.client().write(Frame.of(Frame.SETTINGS, 0, 0, new byte[length]).bytes());
            probe.expectConnectionError(FRAME_SIZE_ERROR);
          });
    }
    cases.add(
        "6.5.3",
        "each is acknowledged",
        probe -> {
          Http2Client client = probe.open();
          probe.send(
              Frame.settings(),
              Frame.settings(Frame.ENABLE_PUSH, 0),
              Frame.settings(Frame.MAX_CONCURRENT_STREAMS, 5));
          client.awaitSettingsAck();
          client.fence();
          assertThat(client.settingsAcks()).isEqualTo(4);
        });
    cases.add(
        "6.5.3",
        "the last of several values counts",
        probe -> {
          Http2Client client =
              probe.open(
                  Frame.INITIAL_WINDOW_SIZE,
                  100,
                  Frame.INITIAL_WINDOW_SIZE,
                  0,
                  Frame.INITIAL_WINDOW_SIZE,
                  1);
          probe.ask(1, Probe.LARGE);
          client.awaitBody(1, 1);
          client.fence();
          assertThat(client.answer(1).bodyLength()).isEqualTo(1);
        });
  }

  private static void addValues(Cases cases) {
    refused(cases, "ENABLE_PUSH of 2", PROTOCOL_ERROR, Frame.ENABLE_PUSH, 2);
    refused(cases, "ENABLE_PUSH of 2^32-1", PROTOCOL_ERROR, Frame.ENABLE_PUSH, -1);
    refused(
        cases,
        "INITIAL_WINDOW_SIZE of 2^31",
        FLOW_CONTROL_ERROR,
        Frame.INITIAL_WINDOW_SIZE,
        TOO_LARGE_WINDOW);
    refused(
        cases, "INITIAL_WINDOW_SIZE of 2^32-1", FLOW_CONTROL_ERROR, Frame.INITIAL_WINDOW_SIZE, -1);
    refused(cases, "MAX_FRAME_SIZE of 2^14-1", PROTOCOL_ERROR, Frame.MAX_FRAME_SIZE, 16_383);
    refused(cases, "MAX_FRAME_SIZE of 0", PROTOCOL_ERROR, Frame.MAX_FRAME_SIZE, 0);
    refused(cases, "MAX_FRAME_SIZE of 2^24", PROTOCOL_ERROR, Frame.MAX_FRAME_SIZE, 1 << 24);
    refused(cases, "MAX_FRAME_SIZE of 2^32-1", PROTOCOL_ERROR, Frame.MAX_FRAME_SIZE, -1);
    taken(cases, "ENABLE_PUSH of 0", Frame.ENABLE_PUSH, 0);
    taken(cases, "ENABLE_PUSH of 1, and nothing is pushed", Frame.ENABLE_PUSH, 1);
    taken(cases, "HEADER_TABLE_SIZE of 0", Frame.HEADER_TABLE_SIZE, 0);
    taken(cases, "HEADER_TABLE_SIZE of 100", Frame.HEADER_TABLE_SIZE, 100);
    taken(cases, "HEADER_TABLE_SIZE of 2^32-1", Frame.HEADER_TABLE_SIZE, -1);
    taken(cases, "MAX_CONCURRENT_STREAMS of 0", Frame.MAX_CONCURRENT_STREAMS, 0);
    taken(cases, "MAX_CONCURRENT_STREAMS of 2^32-1", Frame.MAX_CONCURRENT_STREAMS, -1);
    taken(cases, "INITIAL_WINDOW_SIZE of 2^31-1", Frame.INITIAL_WINDOW_SIZE, 0x7fff_ffff);
    taken(cases, "MAX_FRAME_SIZE of 2^14", Frame.MAX_FRAME_SIZE, 16_384);
    taken(cases, "MAX_FRAME_SIZE of 2^24-1", Frame.MAX_FRAME_SIZE, 0xff_ffff);
    taken(cases, "MAX_HEADER_LIST_SIZE of 1, which is advice", Frame.MAX_HEADER_LIST_SIZE, 1);
    taken(cases, "MAX_HEADER_LIST_SIZE of 2^32-1", Frame.MAX_HEADER_LIST_SIZE, -1);
    cases.add(
        "6.5.2",
        "a table that is taken away is no longer used",
        probe -> {
          Http2Client client = probe.open();
          probe.ask(1, Probe.OK);
          probe.expectServed(1);
          probe.send(Frame.settings(Frame.HEADER_TABLE_SIZE, 0));
          client.awaitSettingsAck();
          for (int stream = 3; stream < 9; stream += 2) {
            probe.ask(stream, Probe.OK);
            probe.expectServed(stream);
            assertThat(client.decoder().usedBytes()).isZero();
          }
          probe.send(Frame.settings(Frame.HEADER_TABLE_SIZE, 4096));
          probe.ask(9, Probe.OK);
          probe.expectServed(9);
        });
  }

  private static void refused(
      Cases cases, String title, ErrorCode code, int identifier, int value) {
    cases.add(
        "6.5.2",
        title,
        probe -> {
          probe.open();
          probe.client().write(Frame.settings(identifier, value).bytes());
          probe.expectConnectionError(code);
        });
    cases.add(
        "6.5.2",
        title + " in the preface",
        probe -> {
          probe.connect();
          probe
              .client()
              .write(Frame.joined(Http2Client.PREFACE, Frame.settings(identifier, value).bytes()));
          probe.expectConnectionError(code);
        });
  }

  private static void taken(Cases cases, String title, int identifier, int value) {
    cases.add(
        "6.5.2",
        title,
        probe -> {
          probe.open(identifier, value);
          probe.ask(1, Probe.OK);
          probe.expectServed(1);
          probe.send(Frame.settings(identifier, value));
          probe.expectGoesOn();
        });
  }

  private static void addServerValues(Cases cases) {
    cases.add(
        "6.5.2",
        "the server's own values are right",
        probe -> {
          Http2Client client = probe.open();
          assertThat(client.serverSetting(Frame.ENABLE_PUSH, 0)).isZero();
          assertThat(client.serverSetting(Frame.INITIAL_WINDOW_SIZE, 65_535)).isNotNegative();
          assertThat(client.serverSetting(Frame.MAX_FRAME_SIZE, 16_384))
              .isBetween(16_384, 0xff_ffff);
          assertThat(client.serverSetting(Frame.MAX_CONCURRENT_STREAMS, -1)).isPositive();
          assertThat(client.serverSetting(Frame.ENABLE_CONNECT_PROTOCOL, 0)).isIn(0, 1);
        });
  }
}
