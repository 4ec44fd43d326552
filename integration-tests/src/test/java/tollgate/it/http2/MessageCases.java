package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Requests and answers as a whole: RFC 9113 sections 8.1, 8.4 to 8.7. */
final class MessageCases {
  private MessageCases() {}

  static void addTo(Cases cases) {
    addExchanges(cases);
    addTrailers(cases);
    addLengths(cases);
  }

  private static void addExchanges(Cases cases) {
    cases.add(
        "8.1",
        "GET",
        probe -> {
          probe.open();
          probe.ask(1, Probe.OK);
          assertThat(probe.expectServed(1).text()).isEqualTo("ok");
        });
    cases.add(
        "8.1",
        "HEAD has no body",
        probe -> {
          probe.open();
          probe.send(Frame.headers(1, true, probe.request("HEAD", Probe.LARGE)));
          assertThat(probe.expectServed(1).bodyLength()).isZero();
          probe.expectGoesOn();
        });
    cases.add(
        "8.1",
        "POST with and without a length",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(Frame.data(1, true, "unknown"));
          probe.begin(3, Probe.ECHO, "content-length", "5");
          probe.send(Frame.data(3, true, "known"));
          probe.expectEcho(1, "unknown");
          probe.expectEcho(3, "known");
        });
    cases.add(
        "8.1",
        "POST without a body",
        probe -> {
          probe.open();
          probe.send(Frame.headers(1, true, probe.post(Probe.ECHO)));
          probe.expectServed(1);
          probe.send(Frame.headers(3, true, probe.post(Probe.ECHO, "content-length", "0")));
          probe.expectServed(3);
          probe.begin(5, Probe.ECHO);
          probe.send(Frame.data(5, true));
          probe.expectServed(5);
        });
    cases.add(
        "8.1",
        "a large answer, without a window in the way",
        probe -> {
          probe.open(Frame.INITIAL_WINDOW_SIZE, 1 << 20);
          probe.send(Frame.windowUpdate(0, 1 << 20));
          probe.ask(1, Probe.LARGE);
          assertThat(probe.expectServed(1).bodyLength()).isEqualTo(Probe.LARGE_LENGTH);
        });
    cases.add(
        "8.1",
        "an answer that came before its request was whole may ask for no more",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(
                  1,
                  false,
                  Probe.fields(
                      ":method",
                      "POST",
                      ":scheme",
                      probe.endpoint().scheme(),
                      ":path",
                      "/of-no-api",
                      ":authority",
                      probe.endpoint().authority())));
          Answer answer = probe.client().await(1);
          assertThat(answer.reset()).isIn(null, ErrorCode.NO_ERROR);
          probe.send(Frame.data(1, true, "late"));
          probe.client().fence();
        });
    cases.add(
        "8.4",
        "nothing is pushed, whatever we would take",
        probe -> {
          probe.open(Frame.ENABLE_PUSH, 1);
          probe.ask(1, Probe.OK);
          probe.expectServed(1);
          probe.client().fence();
        });
    cases.add(
        "8.6",
        "there is no Upgrade",
        probe -> {
          probe.open();
          probe.send(Frame.headers(1, true, probe.get(probe.never(), "upgrade", "websocket")));
          probe.expectMalformed(1);
        });
    cases.add(
        "8.7",
        "streams after GOAWAY's last were not worked on",
        probe -> {
          probe.open();
          probe.ask(1, Probe.OK);
          probe.expectServed(1);
          probe.send(
              Frame.of(Frame.PING, 0, 0, new byte[1]),
              Frame.headers(3, true, probe.get(probe.never())));
          probe.client().awaitEnd();
          Frame goAway = probe.client().goAway();
          if (goAway != null) {
            assertThat(goAway.intAt(0)).isEqualTo(1);
          }
        });
  }

  private static void addTrailers(Cases cases) {
    cases.add(
        "8.1",
        "trailers behind a body",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(
              Frame.data(1, false, "body"), Frame.headers(1, true, Probe.fields("x-trailer", "1")));
          probe.expectEcho(1, "body");
        });
    cases.add(
        "8.1",
        "trailers behind a body of known length",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO, "content-length", "4");
          probe.send(
              Frame.data(1, false, "body"), Frame.headers(1, true, Probe.fields("x-trailer", "1")));
          probe.expectEcho(1, "body");
        });
    cases.add(
        "8.1",
        "trailers behind no body, and trailers without a field",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(Frame.headers(1, true, Probe.fields("x-trailer", "1")));
          probe.expectServed(1);
          probe.begin(3, Probe.ECHO);
          probe.send(Frame.headers(3, true, new byte[0]));
          probe.expectServed(3);
        });
    malformedTrailers(cases, "a request pseudo-field", ":method", "GET");
    malformedTrailers(cases, "an unknown pseudo-field", ":x", "y");
    malformedTrailers(cases, "a pseudo-field of answers", ":status", "200");
    malformedTrailers(cases, "an upper-case name", "X-Trailer", "1");
    malformedTrailers(cases, "a field of the connection", "connection", "close");
    malformedTrailers(cases, "transfer-encoding", "transfer-encoding", "chunked");
    malformedTrailers(cases, "LF in a value", "x-trailer", "a\nb");
    cases.add(
        "8.1",
        "a second HEADERS frame without END_STREAM, behind DATA",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(
              Frame.data(1, false, "x"), Frame.headers(1, false, Probe.fields("x-trailer", "1")));
          probe.expectMalformed(1);
        });
    cases.add(
        "8.1",
        "DATA behind trailers",
        probe -> {
          probe.openWithoutWindows();
          probe.begin(1, Probe.ECHO);
          probe.send(
              Frame.data(1, false, "x"),
              Frame.headers(1, true, Probe.fields("x-trailer", "1")),
              Frame.data(1, true, "y"));
          probe.expectError(1, ErrorCode.STREAM_CLOSED);
        });
  }

  private static void malformedTrailers(Cases cases, String what, String name, String value) {
    cases.add(
        "8.1",
        "trailers with " + what,
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(
              Frame.data(1, false, "body"), Frame.headers(1, true, Probe.fields(name, value)));
          probe.expectMalformed(1);
        });
  }

  private static void addLengths(Cases cases) {
    length(
        cases,
        "more than came",
        probe -> {
          probe.begin(1, probe.neverWhole(), "content-length", "10");
          probe.send(Frame.data(1, true, "short"));
        });
    length(
        cases,
        "less than came",
        probe -> {
          probe.begin(1, probe.neverWhole(), "content-length", "1");
          probe.send(Frame.data(1, true, "long"));
        });
    length(
        cases,
        "more than came in several frames",
        probe -> {
          probe.begin(1, probe.neverWhole(), "content-length", "10");
          probe.send(Frame.data(1, false, "one"), Frame.data(1, true, "two"));
        });
    length(
        cases,
        "less than came in several frames, seen at the first that is too many",
        probe -> {
          probe.begin(1, probe.neverWhole(), "content-length", "5");
          probe.send(Frame.data(1, false, "one"), Frame.data(1, false, "two"));
        });
    length(
        cases,
        "more than came before trailers",
        probe -> {
          probe.begin(1, probe.neverWhole(), "content-length", "10");
          probe.send(
              Frame.data(1, false, "short"),
              Frame.headers(1, true, Probe.fields("x-trailer", "1")));
        });
    length(
        cases,
        "of padding, which is no body",
        probe -> {
          probe.begin(1, probe.neverWhole(), "content-length", "10");
          probe.send(Frame.paddedData(1, true, new byte[5], 4));
        });
    length(
        cases,
        "0 before DATA",
        probe -> {
          probe.begin(1, probe.neverWhole(), "content-length", "0");
          probe.send(Frame.data(1, true, "x"));
        });
    length(
        cases,
        "without any DATA",
        probe ->
            probe.send(Frame.headers(1, true, probe.post(probe.never(), "content-length", "5"))));
    length(
        cases,
        "of a GET without any DATA",
        probe ->
            probe.send(Frame.headers(1, true, probe.get(probe.never(), "content-length", "5"))));
    length(
        cases,
        "two that differ",
        probe -> probe.begin(1, probe.never(), "content-length", "5", "content-length", "6"));
    for (String wrong :
        new String[] {
          "", "+5", "-5", "0x5", "5 5", "5,5", "5, 6", "five", "1_0", "010", "99999999999999999999"
        }) {
      length(
          cases,
          "\"" + wrong + "\"",
          probe -> probe.begin(1, probe.never(), "content-length", wrong));
    }
  }

  private static void length(Cases cases, String what, Cases.Steps steps) {
    cases.add(
        "8.1.1",
        "content-length: " + what,
        probe -> {
          probe.open();
          steps.run(probe);
          expectMalformed(probe);
        });
  }

  private static void expectMalformed(Probe probe) throws IOException {
    probe.expectMalformed(1);
  }
}
