package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.http2.ErrorCode.FRAME_SIZE_ERROR;
import static tollgate.it.http2.ErrorCode.PROTOCOL_ERROR;
import static tollgate.it.http2.ErrorCode.REFUSED_STREAM;

/** Identifiers, concurrency, priority, and errors: RFC 9113 sections 5.1.1 to 5.4, and 7. */
final class StreamCases {
  private StreamCases() {}

  static void addTo(Cases cases) {
    addIdentifiers(cases);
    addConcurrency(cases);
    addPriority(cases);
    addErrors(cases);
  }

  private static void addIdentifiers(Cases cases) {
    cases.add(
        "5.1.1",
        "a client opens no even stream",
        probe -> {
          probe.open();
          probe.send(Frame.headers(2, true, probe.get(probe.never())));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "5.1.1",
        "an identifier below that of an open stream opens none",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(5, Probe.OK);
          probe.send(Frame.headers(3, true, probe.get(probe.never())));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "5.1.1",
        "identifiers may be skipped",
        probe -> {
          probe.open();
          for (int stream : new int[] {3, 5, 101, 100_001, 0x7fff_ffff}) {
            probe.ask(stream, Probe.OK);
            probe.expectServed(stream);
          }
        });
  }

  private static void addConcurrency(Cases cases) {
    cases.add(
        "5.1.2",
        "streams beyond the announced number are refused, all others served",
        probe -> {
          Http2Client client = probe.openWithoutWindows();
          int most = client.serverSetting(Frame.MAX_CONCURRENT_STREAMS, -1);
          assertThat(most).as("MAX_CONCURRENT_STREAMS").isBetween(1, 1000);
          Frame[] requests = new Frame[most];
          for (int i = 0; i < most; i++) {
            requests[i] = Frame.headers(2 * i + 1, true, probe.get(Probe.OK));
          }
          probe.send(requests);
          int beyond = 2 * most + 1;
          probe.send(Frame.headers(beyond, true, probe.get(probe.never())));
          assertThat(client.await(beyond).reset()).as("%s", client).isEqualTo(REFUSED_STREAM);
          // One goes, one may come.
          probe.send(Frame.reset(1, 8), Frame.headers(beyond + 2, true, probe.get(Probe.OK)));
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1000));
          for (int stream = 3; stream <= beyond + 2; stream += 2) {
            if (stream != beyond) {
              probe.expectServed(stream);
            }
          }
          probe.expectGoesOn();
        });
    cases.add(
        "5.1.2",
        "streams whose requests are not whole count as well",
        probe -> {
          Http2Client client = probe.open();
          int most = client.serverSetting(Frame.MAX_CONCURRENT_STREAMS, -1);
          for (int i = 0; i < most; i++) {
            probe.begin(2 * i + 1, Probe.ECHO);
          }
          int beyond = 2 * most + 1;
          probe.send(Frame.headers(beyond, true, probe.get(probe.never())));
          assertThat(client.await(beyond).reset()).as("%s", client).isEqualTo(REFUSED_STREAM);
          for (int i = 0; i < most; i++) {
            probe.send(Frame.data(2 * i + 1, true, "x"));
          }
          for (int i = 0; i < most; i++) {
            probe.expectEcho(2 * i + 1, "x");
          }
        });
    cases.add(
        "5.1.2",
        "a refused stream was not worked on: its fields are in the table",
        probe -> {
          Http2Client client = probe.openWithoutWindows();
          int most = client.serverSetting(Frame.MAX_CONCURRENT_STREAMS, -1);
          for (int i = 0; i < most; i++) {
            probe.ask(2 * i + 1, Probe.OK);
          }
          int beyond = 2 * most + 1;
          byte[] kept = Hpack.literal(Hpack.Kind.INCREMENTAL, true, "x-kept", "of a refused one");
          probe.send(Frame.headers(beyond, true, Frame.joined(probe.get(probe.never()), kept)));
          assertThat(client.await(beyond).reset()).as("%s", client).isEqualTo(REFUSED_STREAM);
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1000));
          probe.expectServed(1);
          probe.send(
              Frame.headers(
                  beyond + 2,
                  true,
                  Frame.joined(probe.get(Probe.OK), Hpack.indexed(Hpack.NEWEST))));
          probe.expectServed(beyond + 2);
        });
    cases.add(
        "5",
        "streams do not wait for one another",
        probe -> {
          Http2Client client = probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(Frame.headers(3, false, probe.post(Probe.ECHO)));
          probe.send(Frame.data(3, false, "thi"), Frame.data(1, false, "fir"));
          probe.ask(5, Probe.OK);
          probe.expectServed(5);
          probe.send(Frame.data(3, true, "rd"));
          probe.expectEcho(3, "third");
          assertThat(client.answer(1).status()).isZero();
          probe.send(Frame.data(1, true, "st"));
          probe.expectEcho(1, "first");
        });
  }

  private static void addPriority(Cases cases) {
    for (int weight : new int[] {1, 256}) {
      cases.add(
          "5.3",
          "HEADERS with priority, weight " + weight,
          probe -> {
            probe.open();
            probe.send(
                Frame.of(
                    Frame.HEADERS,
                    Frame.WITH_PRIORITY | Frame.END_HEADERS | Frame.END_STREAM,
                    1,
                    Frame.joined(Frame.dependency(0, weight == 1, weight), probe.get(Probe.OK))));
            probe.expectServed(1);
          });
    }
    cases.add(
        "5.3",
        "PRIORITY on any stream, any dependency, exclusive or not",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(1, Probe.OK);
          probe.ask(3, Probe.OK);
          probe.send(
              Frame.priority(1, 3, true, 1),
              Frame.priority(3, 1, false, 256),
              Frame.priority(1, 999, true, 77),
              Frame.priority(2, 3, false, 1),
              Frame.priority(501, 1, true, 1));
          probe.expectGoesOn();
        });
    cases.add(
        "5.3.1",
        "HEADERS that depend on their own stream",
        probe -> {
          probe.open();
          probe.send(
              Frame.of(
                  Frame.HEADERS,
                  Frame.WITH_PRIORITY | Frame.END_HEADERS | Frame.END_STREAM,
                  1,
                  Frame.joined(Frame.dependency(1, false, 16), probe.get(probe.never()))));
          probe.expectError(1, PROTOCOL_ERROR);
        });
    cases.add(
        "5.3.1",
        "PRIORITY that depends on its own stream",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(1, Probe.OK);
          probe.send(Frame.priority(1, 1, false, 16));
          probe.expectError(1, PROTOCOL_ERROR);
        });
  }

  private static void addErrors(Cases cases) {
    cases.add(
        "5.4.1",
        "a connection error is told by GOAWAY with the last stream, and the end",
        probe -> {
          Http2Client client = probe.open();
          for (int stream : new int[] {1, 3, 5}) {
            probe.ask(stream, Probe.OK);
            probe.expectServed(stream);
          }
          client.write(Frame.of(Frame.PING, 0, 0, new byte[6]).bytes());
          client.awaitEnd();
          Frame goAway = client.goAway();
          assertThat(goAway).as("%s", client).isNotNull();
          assertThat(goAway.code()).isEqualTo(FRAME_SIZE_ERROR);
          assertThat(goAway.intAt(0)).isEqualTo(5);
        });
    cases.add(
        "5.4.2",
        "a stream error touches no other stream",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          byte[] malformed = Frame.joined(probe.get(probe.never()), Probe.fields("Upper", "x"));
          probe.send(Frame.headers(3, true, malformed));
          assertThat(probe.client().await(3).reset()).isEqualTo(PROTOCOL_ERROR);
          probe.send(Frame.data(1, true, "untouched"));
          probe.expectEcho(1, "untouched");
        });
    cases.add(
        "5.4.2",
        "RST_STREAM is not answered by RST_STREAM",
        probe -> {
          probe.openWithoutWindows();
          for (int stream = 1; stream < 20; stream += 2) {
            probe.ask(stream, Probe.OK);
            probe.send(Frame.reset(stream, 8));
          }
          probe.expectGoesOn();
          for (int stream = 1; stream < 20; stream += 2) {
            assertThat(probe.client().answer(stream).reset()).isNull();
          }
        });
    cases.add(
        "7",
        "unknown codes of RST_STREAM mean nothing special",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(Frame.reset(1, 0xff));
          probe.begin(3, probe.neverWhole());
          probe.send(Frame.reset(3, -1));
          probe.expectGoesOn();
        });
    cases.add(
        "7",
        "unknown codes of GOAWAY mean nothing special",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(1, Probe.OK);
          probe.send(Frame.goAway(0, 0xff), Frame.windowUpdate(1, 100));
          probe.expectServed(1);
        });
  }
}
