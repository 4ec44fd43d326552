package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Frames and blocks of fields as such: RFC 9113 section 4, and extensions, section 5.5. */
final class FormatCases {
  private static final int UNKNOWN_TYPE = 0xfa;
  private static final int TOO_LONG = 16_385;

  private FormatCases() {}

  static void addTo(Cases cases) {
    addHeads(cases);
    addSizes(cases);
    addTooShort(cases);
    addBlocks(cases);
    addExtensions(cases);
  }

  private static void addHeads(Cases cases) {
    cases.add(
        "4.1",
        "undefined flags of PING are ignored",
        probe -> {
          probe.open();
          probe.send(Frame.of(Frame.PING, 0xfe & ~Frame.ACK, 0, new byte[8]));
          while (probe.client().pings().isEmpty()) {
            assertThat(probe.client().read()).isNotNull();
          }
          probe.expectGoesOn();
        });
    cases.add(
        "4.1",
        "undefined flags of SETTINGS and WINDOW_UPDATE are ignored",
        probe -> {
          probe.open();
          probe.send(
              Frame.of(Frame.SETTINGS, 0xfe, 0),
              Frame.of(Frame.WINDOW_UPDATE, 0xff, 0, Frame.int32(1)));
          probe.client().awaitSettingsAck();
          probe.expectGoesOn();
        });
    cases.add(
        "4.1",
        "undefined flags of HEADERS and DATA are ignored",
        probe -> {
          probe.open();
          int undefined = 0xd2;
          probe.send(
              Frame.of(Frame.HEADERS, undefined | Frame.END_HEADERS, 1, probe.post(Probe.ECHO)),
              Frame.of(Frame.DATA, (undefined | 0x24) | Frame.END_STREAM, 1, Probe.zeros(3)));
          probe.expectEcho(1, "000");
        });
    cases.add(
        "4.1",
        "undefined flags of RST_STREAM and PRIORITY are ignored",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(
              Frame.of(Frame.PRIORITY, 0xff, 1, Frame.dependency(0, false, 8)),
              Frame.of(Frame.RST_STREAM, 0xff, 1, Frame.int32(8)));
          probe.expectGoesOn();
        });
    cases.add(
        "4.1",
        "the reserved bit is ignored",
        probe -> {
          probe.open();
          int reserved = 0x8000_0000;
          probe.send(
              Frame.of(Frame.PING, 0, reserved, new byte[8]),
              Frame.of(Frame.WINDOW_UPDATE, 0, reserved, Frame.int32(reserved | 1)),
              Frame.headers(reserved | 1, false, probe.post(Probe.ECHO)),
              Frame.data(reserved | 1, true, "reserved"));
          probe.expectEcho(1, "reserved");
        });
  }

  private static void addSizes(Cases cases) {
    cases.add(
        "4.2",
        "DATA of 2^14 octets is taken",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(Frame.data(1, true, Probe.zeros(16_384)));
          assertThat(probe.expectServed(1).bodyLength()).isEqualTo(16_384);
        });
    cases.add(
        "4.2",
        "HEADERS of 2^14 octets is taken, whatever becomes of the request",
        probe -> {
          probe.open();
          byte[] head = probe.get(Probe.OK);
          int fieldHead = Hpack.literal("x", "v".repeat(10_000)).length - 10_000;
          String value = "v".repeat(16_384 - head.length - fieldHead);
          probe.send(Frame.headers(1, true, Frame.joined(head, Hpack.literal("x", value))));
          assertThat(probe.client().await(1).status()).isIn(200, 431);
          probe.expectGoesOn();
        });
    cases.add(
        "4.2",
        "DATA of 2^14+1 octets is FRAME_SIZE_ERROR",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(Frame.data(1, true, Probe.zeros(TOO_LONG)));
          probe.expectError(1, ErrorCode.FRAME_SIZE_ERROR);
        });
    cases.add(
        "4.2",
        "HEADERS of 2^14+1 octets is FRAME_SIZE_ERROR",
        probe -> {
          probe.open();
          byte[] head = probe.get(probe.never());
          byte[] block =
              Frame.joined(head, Hpack.literal("x", "v".repeat(TOO_LONG - head.length - 6)));
          probe.send(Frame.headers(1, true, Arrays.copyOf(block, TOO_LONG)));
          probe.expectConnectionError(ErrorCode.FRAME_SIZE_ERROR);
        });
    tooLong(
        cases,
        "CONTINUATION",
        probe -> {
          probe.send(Frame.openHeaders(1, true, probe.get(probe.never())));
          probe.send(Frame.continuation(1, true, Probe.zeros(TOO_LONG)));
        });
    tooLong(
        cases, "SETTINGS", probe -> probe.send(Frame.of(Frame.SETTINGS, 0, 0, new byte[16_386])));
    tooLong(cases, "GOAWAY", probe -> probe.send(Frame.goAway(0, 0, Probe.zeros(TOO_LONG))));
    tooLong(
        cases,
        "an unknown type",
        probe -> probe.send(Frame.of(UNKNOWN_TYPE, 0, 0, Probe.zeros(TOO_LONG))));
    cases.add(
        "4.2",
        "a length of 2^24-1 is refused before its octets come",
        probe -> {
          probe.open();
          probe.client().write(Frame.of(Frame.SETTINGS, 0, 0).head(0xff_ffff));
          probe.expectConnectionError(ErrorCode.FRAME_SIZE_ERROR);
        });
    cases.add(
        "4.2",
        "no frame is longer than we allow",
        probe -> {
          probe.open();
          probe.send(
              Frame.windowUpdate(0, 1 << 20), Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1 << 20));
          probe.ask(1, Probe.LARGE);
          assertThat(probe.expectServed(1).bodyLength()).isEqualTo(Probe.LARGE_LENGTH);
        });
    cases.add(
        "4.2",
        "empty DATA is taken",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(
              Frame.data(1, false),
              Frame.data(1, false, "x"),
              Frame.data(1, false),
              Frame.data(1, true));
          probe.expectEcho(1, "x");
        });
  }

  private static void tooLong(Cases cases, String name, Cases.Steps steps) {
    cases.add(
        "4.2",
        "more than 2^14 octets are FRAME_SIZE_ERROR: " + name,
        probe -> {
          probe.open();
          steps.run(probe);
          probe.expectConnectionError(ErrorCode.FRAME_SIZE_ERROR);
        });
  }

  private static void addTooShort(Cases cases) {
    tooShort(
        cases, "padded DATA without a length of padding", Frame.of(Frame.DATA, Frame.PADDED, 1));
    tooShort(
        cases,
        "padded HEADERS without a length of padding",
        Frame.of(Frame.HEADERS, Frame.PADDED | Frame.END_HEADERS, 3));
    tooShort(
        cases,
        "HEADERS with less than its priority",
        Frame.of(Frame.HEADERS, Frame.WITH_PRIORITY | Frame.END_HEADERS, 3, new byte[4]));
    tooShort(
        cases,
        "padded HEADERS with less than its priority",
        Frame.of(
            Frame.HEADERS, Frame.PADDED | Frame.WITH_PRIORITY | Frame.END_HEADERS, 3, new byte[5]));
    tooShort(cases, "GOAWAY of seven octets", Frame.of(Frame.GOAWAY, 0, 0, new byte[7]));
  }

  private static void tooShort(Cases cases, String name, Frame frame) {
    cases.add(
        "4.2",
        "too short for what it must hold: " + name,
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(frame);
          probe.expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, ErrorCode.PROTOCOL_ERROR);
        });
  }

  private static void addBlocks(Cases cases) {
    cases.add(
        "4.3",
        "a block that cannot be decoded is COMPRESSION_ERROR",
        probe -> {
          probe.open();
          // A literal whose name is as long as nothing that follows.
          probe.send(Frame.headers(1, true, new byte[] {0x40, 0x7f, (byte) 0xff, 0x7f}));
          probe.expectConnectionError(ErrorCode.COMPRESSION_ERROR);
        });
    cases.add(
        "4.3",
        "a block that ends within a field is COMPRESSION_ERROR",
        probe -> {
          probe.open();
          byte[] block = Frame.joined(probe.get(probe.never()), Hpack.literal("name", "value"));
          probe.send(Frame.headers(1, true, Arrays.copyOf(block, block.length - 2)));
          probe.expectConnectionError(ErrorCode.COMPRESSION_ERROR);
        });
    cases.add(
        "4.3",
        "trailers that cannot be decoded are COMPRESSION_ERROR",
        probe -> {
          probe.open();
          probe.begin(1, probe.neverWhole());
          probe.send(Frame.headers(1, true, Hpack.indexed(0)));
          probe.expectConnectionError(ErrorCode.COMPRESSION_ERROR);
        });
    between(cases, "PRIORITY", probe -> probe.send(Frame.priority(1, 0, false, 16)));
    between(cases, "DATA", probe -> probe.send(Frame.data(1, true, "x")));
    between(cases, "RST_STREAM", probe -> probe.send(Frame.reset(1, 8)));
    between(cases, "SETTINGS", probe -> probe.client().write(Frame.settings().bytes()));
    between(cases, "PING", probe -> probe.send(Frame.ping(1)));
    between(cases, "GOAWAY", probe -> probe.send(Frame.goAway(0, 0)));
    between(cases, "WINDOW_UPDATE", probe -> probe.send(Frame.windowUpdate(0, 1)));
    between(
        cases,
        "PUSH_PROMISE",
        probe -> probe.send(Frame.of(Frame.PUSH_PROMISE, Frame.END_HEADERS, 1, Frame.int32(2))));
    between(
        cases,
        "HEADERS of the stream",
        probe -> probe.send(Frame.headers(1, true, probe.get(probe.never()))));
    between(
        cases,
        "HEADERS of another stream",
        probe -> probe.send(Frame.headers(3, true, probe.get(probe.never()))));
    between(
        cases, "CONTINUATION of another stream", probe -> probe.send(Frame.continuation(3, true)));
    between(cases, "an unknown type", probe -> probe.send(Frame.of(UNKNOWN_TYPE, 0, 0)));
    between(
        cases,
        "an unknown type on the stream",
        probe -> probe.send(Frame.of(UNKNOWN_TYPE, 0, 1, new byte[8])));
    cases.add(
        "4.3",
        "blocks in pieces count as one, wherever they are cut",
        probe -> {
          probe.open();
          byte[] block =
              Frame.joined(
                  probe.get(Probe.OK),
                  Hpack.literal(Hpack.Kind.INCREMENTAL, true, "x-cut", "anywhere at all"));
          int stream = 1;
          for (int cut = 0; cut <= block.length; cut += 3, stream += 2) {
            byte[] rest = Arrays.copyOfRange(block, cut, block.length);
            probe.send(
                Frame.openHeaders(stream, true, Arrays.copyOf(block, cut)),
                Frame.continuation(stream, true, rest));
            probe.expectServed(stream);
          }
        });
    cases.add(
        "4.3",
        "what a refused block puts into the table is there",
        probe -> {
          probe.open();
          byte[] refused =
              Frame.joined(
                  probe.get(probe.never()),
                  Probe.fields("Upper", "case"),
                  Hpack.literal(Hpack.Kind.INCREMENTAL, false, "x-kept", "from a refused one"));
          probe.send(Frame.headers(1, true, refused));
          probe.send(
              Frame.headers(
                  3, true, Frame.joined(probe.get(Probe.OK), Hpack.indexed(Hpack.NEWEST))));
          probe.expectServed(3);
          assertThat(probe.client().await(1).reset()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        });
    cases.add(
        "4.3",
        "what trailers put into the table is there",
        probe -> {
          probe.open();
          probe.begin(1, Probe.ECHO);
          probe.send(
              Frame.headers(
                  1, true, Hpack.literal(Hpack.Kind.INCREMENTAL, false, "x-trailer", "kept")));
          probe.expectServed(1);
          probe.send(
              Frame.headers(
                  3, true, Frame.joined(probe.get(Probe.OK), Hpack.indexed(Hpack.NEWEST))));
          probe.expectServed(3);
        });
    cases.add(
        "4.3",
        "what trailers of a stream that was reset put into the table is there",
        probe -> {
          probe.open();
          // The request is refused, its trailers are on their way.
          probe.send(
              Frame.headers(
                  1,
                  false,
                  Frame.joined(probe.post(probe.never()), Probe.fields("connection", "x"))),
              Frame.headers(
                  1, true, Hpack.literal(Hpack.Kind.INCREMENTAL, false, "x-late", "kept")));
          probe.send(
              Frame.headers(
                  3, true, Frame.joined(probe.get(Probe.OK), Hpack.indexed(Hpack.NEWEST))));
          probe.expectServed(3);
        });
  }

  private static void between(Cases cases, String name, Cases.Steps steps) {
    cases.add(
        "4.3",
        "nothing may come within a block: " + name,
        probe -> {
          probe.open();
          probe.send(Frame.openHeaders(1, false, probe.post(probe.never())));
          steps.run(probe);
          probe.client().write(Frame.continuation(1, true).bytes());
          probe.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
        });
  }

  private static void addExtensions(Cases cases) {
    cases.add(
        "5.5",
        "frames of unknown types are ignored, wherever they come",
        probe -> {
          probe.open();
          probe.send(
              Frame.of(UNKNOWN_TYPE, 0xff, 0, new byte[16_384]),
              Frame.of(0x16, 0, 1, new byte[8]),
              Frame.headers(1, false, probe.post(Probe.ECHO)),
              Frame.of(0xb, 0x3, 1, new byte[1]),
              Frame.data(1, true, "around"),
              Frame.of(0xff, 0, 1),
              Frame.of(0xc, 0, 1, new byte[5]));
          probe.expectEcho(1, "around");
          probe.expectGoesOn();
        });
    cases.add(
        "5.5",
        "unknown settings are ignored",
        probe -> {
          probe.open(0xff, 1, 0x7777, -1, 0, 0);
          probe.expectGoesOn();
        });
  }
}
