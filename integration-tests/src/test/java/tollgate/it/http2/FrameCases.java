package tollgate.it.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.http2.ErrorCode.FRAME_SIZE_ERROR;
import static tollgate.it.http2.ErrorCode.PROTOCOL_ERROR;

import java.util.Arrays;

/** The rules of each frame but SETTINGS and WINDOW_UPDATE: RFC 9113 sections 6.1 to 6.10. */
final class FrameCases {
  private FrameCases() {}

  static void addTo(Cases cases) {
    addData(cases);
    addHeaders(cases);
    addPriorityAndReset(cases);
    addPushPromise(cases);
    addPing(cases);
    addGoAway(cases);
    addContinuation(cases);
  }

  private static void addData(Cases cases) {
    cases.add(
        "6.1",
        "DATA, several, with and without padding",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(
              Frame.data(1, false, "one "),
              Frame.paddedData(1, false, "two ".getBytes(US_ASCII), 255),
              Frame.paddedData(1, false, new byte[0], 10),
              Frame.paddedData(1, false, new byte[0], 0),
              Frame.data(1, true, "three"));
          probe.expectEcho(1, "one two three");
        });
    cases.add(
        "6.1",
        "padding counts in windows, which are given back for it",
        probe -> {
          Http2Client client = probe.open();
          probe.begin(1, Probe.ECHO);
          client.fence();
          // More than the windows there are at first, and hardly any body.
          GrantedWindows windows = new GrantedWindows(client);
          int frames = (int) Math.min(2 * windows.connection(), 8 << 20) / 257;
          for (int i = 0; i < frames; i++) {
            windows.take(1, 257);
            probe.send(Frame.paddedData(1, false, new byte[] {'p'}, 255));
          }
          probe.send(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1 << 20), Frame.data(1, true));
          assertThat(probe.expectServed(1).bodyLength()).isEqualTo(frames);
        });
    cases.add(
        "6.1",
        "DATA on stream 0",
        probe -> {
          probe.open();
          probe.send(Frame.data(0, true, "x"));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    for (int excess : new int[] {0, 1, 200}) {
      cases.add(
          "6.1",
          "DATA with padding as long as its payload and " + excess,
          probe -> {
            probe.open();
            probe.begin(1, probe.neverWhole());
            byte[] payload = new byte[20];
            payload[0] = (byte) (payload.length + excess);
            probe.send(Frame.of(Frame.DATA, Frame.PADDED | Frame.END_STREAM, 1, payload));
            probe.expectConnectionError(PROTOCOL_ERROR);
          });
    }
  }

  private static void addHeaders(Cases cases) {
    for (int padLength : new int[] {0, 1, 255}) {
      cases.add(
          "6.2",
          "HEADERS with " + padLength + " octets of padding",
          probe -> {
            probe.open();
            probe.send(
                Frame.of(
                    Frame.HEADERS,
                    Frame.PADDED | Frame.END_HEADERS | Frame.END_STREAM,
                    1,
                    Frame.padded(new byte[0], probe.get(Probe.OK), padLength)));
            probe.expectServed(1);
          });
    }
    cases.add(
        "6.2",
        "HEADERS with padding and priority",
        probe -> {
          probe.open();
          probe.send(
              Frame.of(
                  Frame.HEADERS,
                  Frame.PADDED | Frame.WITH_PRIORITY | Frame.END_HEADERS | Frame.END_STREAM,
                  1,
                  Frame.padded(Frame.dependency(0, true, 256), probe.get(Probe.OK), 7)));
          probe.expectServed(1);
        });
    cases.add(
        "6.2",
        "padded HEADERS and a rest of their block",
        probe -> {
          probe.open();
          byte[] block = probe.get(Probe.OK);
          probe.send(
              Frame.of(
                  Frame.HEADERS,
                  Frame.PADDED | Frame.END_STREAM,
                  1,
                  Frame.padded(new byte[0], Arrays.copyOf(block, 10), 3)),
              Frame.continuation(1, true, Arrays.copyOfRange(block, 10, block.length)));
          probe.expectServed(1);
        });
    cases.add(
        "6.2",
        "HEADERS on stream 0",
        probe -> {
          probe.open();
          probe.send(Frame.headers(0, true, probe.get(probe.never())));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    for (int excess : new int[] {0, 1}) {
      cases.add(
          "6.2",
          "HEADERS with padding as long as their payload and " + excess,
          probe -> {
            probe.open();
            byte[] block = probe.get(probe.never());
            probe.send(
                Frame.of(
                    Frame.HEADERS,
                    Frame.PADDED | Frame.END_HEADERS | Frame.END_STREAM,
                    1,
                    Frame.joined(new byte[] {(byte) (block.length + 1 + excess)}, block)));
            probe.expectConnectionError(PROTOCOL_ERROR);
          });
    }
    cases.add(
        "6.2",
        "HEADERS whose padding leaves less than their priority",
        probe -> {
          probe.open();
          probe.send(
              Frame.of(
                  Frame.HEADERS,
                  Frame.PADDED | Frame.WITH_PRIORITY | Frame.END_HEADERS | Frame.END_STREAM,
                  1,
                  Frame.joined(new byte[] {8}, Frame.dependency(0, false, 16), new byte[7])));
          probe.expectConnectionError(PROTOCOL_ERROR, FRAME_SIZE_ERROR);
        });
  }

  private static void addPriorityAndReset(Cases cases) {
    cases.add(
        "6.3",
        "PRIORITY on stream 0",
        probe -> {
          probe.open();
          probe.send(Frame.priority(0, 1, false, 16));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    for (int length : new int[] {0, 4, 6}) {
      cases.add(
          "6.3",
          "PRIORITY of " + length + " octets",
          probe -> {
            probe.openWithoutWindows();
            probe.ask(1, Probe.OK);
            probe.send(Frame.of(Frame.PRIORITY, 0, 1, new byte[length]));
            probe.expectError(1, FRAME_SIZE_ERROR);
          });
    }
    cases.add(
        "6.4",
        "RST_STREAM on stream 0",
        probe -> {
          probe.open();
          probe.send(Frame.reset(0, 8));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    for (int length : new int[] {0, 3, 5}) {
      cases.add(
          "6.4",
          "RST_STREAM of " + length + " octets",
          probe -> {
            probe.open();
            probe.begin(1, probe.neverWhole());
            probe.send(Frame.of(Frame.RST_STREAM, 0, 1, new byte[length]));
            probe.expectConnectionError(FRAME_SIZE_ERROR);
          });
    }
  }

  private static void addPushPromise(Cases cases) {
    for (int stream : new int[] {0, 1, 3}) {
      cases.add(
          "6.6",
          "PUSH_PROMISE from a client on stream " + stream,
          probe -> {
            probe.open();
            probe.begin(1, probe.neverWhole());
            probe.send(
                Frame.of(
                    Frame.PUSH_PROMISE,
                    Frame.END_HEADERS,
                    stream,
                    Frame.joined(Frame.int32(2), probe.get(probe.never()))));
            probe.expectConnectionError(PROTOCOL_ERROR);
          });
    }
  }

  private static void addPing(Cases cases) {
    cases.add(
        "6.7",
        "PING is answered with its own octets, in order",
        probe -> {
          Http2Client client = probe.open();
          probe.send(Frame.ping(0x0102_0304_0506_0708L), Frame.ping(0), Frame.ping(-1));
          while (client.pings().size() < 3) {
            assertThat(client.read()).as("%s", client).isNotNull();
          }
          assertThat(client.pings())
              .extracting(Frame::payload)
              .containsExactly(
                  Frame.ping(0x0102_0304_0506_0708L).payload(),
                  Frame.ping(0).payload(),
                  Frame.ping(-1).payload());
        });
    cases.add(
        "6.7",
        "an answer to no PING is not answered",
        probe -> {
          Http2Client client = probe.open();
          probe.send(Frame.of(Frame.PING, Frame.ACK, 0, new byte[8]));
          client.fence();
          assertThat(client.pings()).hasSize(1);
        });
    cases.add(
        "6.7",
        "PING on a stream",
        probe -> {
          probe.open();
          probe.send(Frame.of(Frame.PING, 0, 1, new byte[8]));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    for (int length : new int[] {0, 6, 7, 9, 16}) {
      cases.add(
          "6.7",
          "PING of " + length + " octets",
          probe -> {
            probe.open();
            probe.send(Frame.of(Frame.PING, 0, 0, new byte[length]));
            probe.expectConnectionError(FRAME_SIZE_ERROR);
          });
    }
    cases.add(
        "6.7",
        "acknowledged PING of seven octets",
        probe -> {
          probe.open();
          probe.send(Frame.of(Frame.PING, Frame.ACK, 0, new byte[7]));
          probe.expectConnectionError(FRAME_SIZE_ERROR);
        });
  }

  private static void addGoAway(Cases cases) {
    cases.add(
        "6.8",
        "GOAWAY on a stream",
        probe -> {
          probe.open();
          probe.send(Frame.of(Frame.GOAWAY, 0, 1, new byte[8]));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "6.8",
        "what is under way is finished after GOAWAY",
        probe -> {
          probe.openWithoutWindows();
          probe.ask(1, Probe.OK);
          probe.begin(3, Probe.ECHO);
          probe.send(
              Frame.goAway(0, 0, Probe.zeros(100)),
              Frame.settings(Frame.INITIAL_WINDOW_SIZE, 100),
              Frame.data(3, true, "after"));
          probe.expectServed(1);
          probe.expectEcho(3, "after");
        });
  }

  private static void addContinuation(Cases cases) {
    cases.add(
        "6.10",
        "a block in several frames, some of them empty",
        probe -> {
          probe.open();
          byte[] block = probe.get(Probe.OK);
          probe.send(
              Frame.openHeaders(1, true, new byte[0]),
              Frame.continuation(1, false),
              Frame.continuation(1, false, Arrays.copyOf(block, 1)),
              Frame.continuation(1, false, Arrays.copyOfRange(block, 1, 20)),
              Frame.continuation(1, false, Arrays.copyOfRange(block, 20, block.length)),
              Frame.continuation(1, true));
          probe.expectServed(1);
        });
    cases.add(
        "6.10",
        "trailers in several frames",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          byte[] trailers = Probe.fields("x-trailer", "value");
          probe.send(
              Frame.data(1, false, "body"),
              Frame.openHeaders(1, true, Arrays.copyOf(trailers, 3)),
              Frame.continuation(1, true, Arrays.copyOfRange(trailers, 3, trailers.length)));
          probe.expectEcho(1, "body");
        });
    cases.add(
        "6.10",
        "CONTINUATION on stream 0",
        probe -> {
          probe.open();
          probe.send(
              Frame.openHeaders(1, true, probe.get(probe.never())), Frame.continuation(0, true));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "6.10",
        "CONTINUATION behind HEADERS that ended their block",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(Frame.continuation(1, true, Probe.fields("x", "y")));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "6.10",
        "CONTINUATION behind CONTINUATION that ended the block",
        probe -> {
          probe.open();
          probe.send(
              Frame.openHeaders(1, false, probe.post(probe.neverWhole())),
              Frame.continuation(1, true),
              Frame.continuation(1, true));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "6.10",
        "CONTINUATION behind DATA",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(Frame.data(1, false, "x"), Frame.continuation(1, true));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
    cases.add(
        "6.10",
        "a frame behind CONTINUATION that did not end the block",
        probe -> {
          probe.open();
          probe.send(
              Frame.openHeaders(1, true, probe.get(probe.never())),
              Frame.continuation(1, false),
              Frame.data(1, true, "x"));
          probe.expectConnectionError(PROTOCOL_ERROR);
        });
  }
}
