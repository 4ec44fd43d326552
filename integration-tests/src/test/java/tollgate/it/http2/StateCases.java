package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.http2.ErrorCode.PROTOCOL_ERROR;
import static tollgate.it.http2.ErrorCode.STREAM_CLOSED;

import java.io.IOException;

/** Every frame in every state of a stream: RFC 9113 section 5.1. */
final class StateCases {
  private StateCases() {}

  static void addTo(Cases cases) {
    addIdle(cases);
    addOpen(cases);
    addHalfClosed(cases);
    addClosed(cases);
    addClosedByUs(cases);
    addClosedByServer(cases);
    addSkipped(cases);
  }

  private static Frame pushPromise(int stream) {
    return Frame.of(Frame.PUSH_PROMISE, Frame.END_HEADERS, stream, Frame.int32(2));
  }

  private static void addIdle(Cases cases) {
    for (int stream : new int[] {1, 2}) {
      String where = stream == 1 ? "idle: " : "idle, of the server: ";
      refused(cases, where + "DATA", Frame.data(stream, true, "x"));
      refused(cases, where + "RST_STREAM", Frame.reset(stream, 8));
      refused(cases, where + "WINDOW_UPDATE", Frame.windowUpdate(stream, 1));
      refused(cases, where + "CONTINUATION", Frame.continuation(stream, true));
      refused(cases, where + "PUSH_PROMISE", pushPromise(stream));
    }
    cases.add(
        "5.1",
        "idle: PRIORITY changes nothing",
        probe -> {
          probe.open();
          probe.send(Frame.priority(1, 0, false, 256), Frame.priority(7, 1, true, 1));
          probe.expectGoesOn();
        });
  }

  private static void refused(Cases cases, String title, Frame frame) {
    cases.add(
        "5.1",
        title,
        probe -> {
          probe.open();
          probe.send(frame);
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
  }

  private static void addOpen(Cases cases) {
    cases.add(
        "5.1",
        "open: WINDOW_UPDATE, PRIORITY and unknown frames change nothing",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(
              Frame.windowUpdate(1, 1),
              Frame.priority(1, 0, false, 1),
              Frame.of(0x99, 0, 1),
              Frame.data(1, true, "open"));
          probe.expectEcho(1, "open");
        });
    cases.add(
        "5.1",
        "open: RST_STREAM ends it and nothing else",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(Frame.reset(1, 8));
          probe.expectGoesOn();
          assertThat(probe.client().answer(1).reset()).as("no RST_STREAM for one").isNull();
        });
    inOpen(cases, "CONTINUATION", Frame.continuation(1, true));
    inOpen(cases, "PUSH_PROMISE", pushPromise(1));
    inOpen(cases, "SETTINGS", Frame.of(Frame.SETTINGS, 0, 1));
    inOpen(cases, "PING", Frame.of(Frame.PING, 0, 1, new byte[8]));
    inOpen(cases, "GOAWAY", Frame.of(Frame.GOAWAY, 0, 1, new byte[8]));
    cases.add(
        "5.1",
        "open: HEADERS without END_STREAM",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(Frame.headers(1, false, Probe.fields("x-trailer", "1")));
          probe.expectMalformed(1);
        });
  }

  private static void inOpen(Cases cases, String name, Frame frame) {
    cases.add(
        "5.1",
        "open: " + name,
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(frame);
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
  }

  /** Its request is whole, and its answer waits for a window. */
  private static void halfClosed(Probe probe) throws IOException {
    probe.openWithoutWindows();
    probe.ask(1, Probe.OK);
  }

  private static void addHalfClosed(Cases cases) {
    cases.add(
        "5.1",
        "half-closed (remote): DATA",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.data(1, true, "x"));
          probe.expectError(1, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "half-closed (remote): empty DATA",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.data(1, false));
          probe.expectError(1, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "half-closed (remote): HEADERS",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.headers(1, true, probe.get(probe.never())));
          probe.expectError(1, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "half-closed (remote): trailers",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.headers(1, true, Probe.fields("x-trailer", "1")));
          probe.expectError(1, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "half-closed (remote): CONTINUATION",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.continuation(1, true, probe.get(probe.never())));
          probe.expectConnectionError(PROTOCOL_ERROR, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "half-closed (remote): PUSH_PROMISE",
        probe -> {
          halfClosed(probe);
          probe.send(pushPromise(1));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "5.1",
        "half-closed (remote): WINDOW_UPDATE lets the answer go on",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.windowUpdate(1, 100));
          probe.expectServed(1);
        });
    cases.add(
        "5.1",
        "half-closed (remote): PRIORITY and unknown frames change nothing",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.priority(1, 0, false, 256), Frame.of(0x99, 0, 1, new byte[3]));
          probe.send(Frame.windowUpdate(1, 100));
          probe.expectServed(1);
        });
    cases.add(
        "5.1",
        "half-closed (remote): RST_STREAM ends the answer",
        probe -> {
          halfClosed(probe);
          probe.send(Frame.reset(1, 8), Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1000));
          probe.expectGoesOn();
          assertThat(probe.client().answer(1).bodyLength()).isZero();
          assertThat(probe.client().answer(1).reset()).isNull();
        });
  }

  private static void closed(Probe probe) throws IOException {
    probe.open();
    probe.ask(1, Probe.OK);
    probe.expectServed(1);
  }

  private static void addClosed(Cases cases) {
    cases.add(
        "5.1",
        "closed: DATA",
        probe -> {
          closed(probe);
          probe.send(Frame.data(1, true, "x"));
          probe.expectError(1, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "closed: HEADERS",
        probe -> {
          closed(probe);
          probe.send(Frame.headers(1, true, probe.get(probe.never())));
          probe.expectError(1, STREAM_CLOSED, PROTOCOL_ERROR);
        });
    cases.add(
        "5.1",
        "closed: CONTINUATION",
        probe -> {
          closed(probe);
          probe.send(Frame.continuation(1, true, probe.get(probe.never())));
          probe.expectConnectionError(PROTOCOL_ERROR, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "closed: PRIORITY, WINDOW_UPDATE and RST_STREAM change nothing",
        probe -> {
          closed(probe);
          probe.send(
              Frame.priority(1, 0, false, 16),
              Frame.windowUpdate(1, 1),
              Frame.reset(1, 8),
              Frame.of(0x99, 0, 1));
          probe.expectGoesOn();
          assertThat(probe.client().answer(1).reset()).isNull();
        });
  }

  private static void closedByUs(Probe probe) throws IOException {
    probe.open();
    probe.begin(1, probe.neverWhole());
    probe.send(Frame.reset(1, 8));
  }

  private static void addClosedByUs(Cases cases) {
    cases.add(
        "5.1",
        "closed by RST_STREAM: DATA",
        probe -> {
          closedByUs(probe);
          probe.send(Frame.data(1, true, "x"));
          probe.expectError(1, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "closed by RST_STREAM: HEADERS",
        probe -> {
          closedByUs(probe);
          probe.send(Frame.headers(1, true, probe.get(probe.never())));
          probe.expectError(1, STREAM_CLOSED, PROTOCOL_ERROR);
        });
    cases.add(
        "5.1",
        "closed by RST_STREAM: CONTINUATION",
        probe -> {
          closedByUs(probe);
          probe.send(Frame.continuation(1, true));
          probe.expectConnectionError(PROTOCOL_ERROR, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "closed by RST_STREAM: PRIORITY changes nothing",
        probe -> {
          closedByUs(probe);
          probe.send(Frame.priority(1, 0, false, 16));
          probe.expectGoesOn();
        });
  }

  /** What was on its way when the server reset the stream is let pass. */
  private static void addClosedByServer(Cases cases) {
    cases.add(
        "5.1",
        "closed by the server: DATA, trailers and others were on their way",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(
                  1,
                  false,
                  Frame.joined(probe.post(probe.never()), Probe.fields("connection", "close"))),
              Frame.data(1, false, "one"),
              Frame.windowUpdate(1, 10),
              Frame.priority(1, 0, false, 16),
              Frame.data(1, false, "two"),
              Frame.headers(1, true, Probe.fields("x-trailer", "1")));
          probe.expectGoesOn();
          assertThat(probe.client().answer(1).reset()).isIn(PROTOCOL_ERROR, STREAM_CLOSED);
        });
    cases.add(
        "5.1",
        "closed by the server: RST_STREAM was on its way",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(
                  1,
                  false,
                  Frame.joined(probe.post(probe.never()), Probe.fields("connection", "close"))),
              Frame.reset(1, 8));
          probe.expectGoesOn();
        });
    cases.add(
        "5.1",
        "closed by the server: DATA on its way gives the connection's window back",
        probe -> {
          Http2Client client = probe.open();
          GrantedWindows windows = new GrantedWindows(client);
          client.fence();
          long lost = windows.connection();
          int stream = 1;
          // As much as there is; no stream is left on whose behalf it would be given back.
          for (; lost > 0; stream += 2) {
            probe.send(
                Frame.headers(
                    stream,
                    false,
                    Frame.joined(probe.post(probe.never()), Probe.fields("connection", "close"))));
            assertThat(client.await(stream).reset()).isEqualTo(PROTOCOL_ERROR);
            for (int i = 0; i < 4; i++) {
              int piece = windows.await(stream, 16_000);
              probe.send(Frame.data(stream, false, Probe.zeros(piece)));
              lost -= piece;
            }
          }
          probe.begin(stream, Probe.ECHO);
          for (int i = 0; i < 4; i++) {
            windows.take(stream, 10_000);
            probe.send(Frame.data(stream, i == 3, Probe.zeros(10_000)));
          }
          assertThat(probe.expectServed(stream).bodyLength()).isEqualTo(40_000);
        });
  }

  private static void addSkipped(Cases cases) {
    cases.add(
        "5.1.1",
        "an identifier that was skipped is closed: HEADERS",
        probe -> {
          probe.open();
          probe.ask(5, Probe.OK);
          probe.expectServed(5);
          probe.send(Frame.headers(3, true, probe.get(probe.never())));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "5.1.1",
        "an identifier that was skipped is closed: DATA",
        probe -> {
          probe.open();
          probe.ask(5, Probe.OK);
          probe.expectServed(5);
          probe.send(Frame.data(3, true, "x"));
          probe.expectError(3, STREAM_CLOSED, PROTOCOL_ERROR);
        });
    cases.add(
        "5.1.1",
        "PRIORITY on an identifier that was skipped changes nothing",
        probe -> {
          probe.open();
          probe.ask(5, Probe.OK);
          probe.send(Frame.priority(3, 0, false, 16));
          probe.expectServed(5);
          probe.expectGoesOn();
        });
    cases.add(
        "5.1.1",
        "PRIORITY on a later identifier does not skip those below it",
        probe -> {
          probe.open();
          probe.send(Frame.priority(9, 0, false, 16));
          probe.ask(1, Probe.OK);
          probe.expectServed(1);
        });
  }
}
