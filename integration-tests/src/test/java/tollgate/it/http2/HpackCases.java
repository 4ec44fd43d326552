package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.http2.ErrorCode.COMPRESSION_ERROR;
import static tollgate.it.http2.Hpack.Kind.INCREMENTAL;
import static tollgate.it.http2.Hpack.Kind.NEVER_INDEXED;
import static tollgate.it.http2.Hpack.Kind.WITHOUT_INDEXING;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** RFC 7541. What a block says is seen in what the origin gives back of it. */
final class HpackCases {
  private static final String SEEN = "/seen";

  private HpackCases() {}

  static void addTo(Cases cases) {
    addIndexes(cases);
    addTable(cases);
    addIntegers(cases);
    addStrings(cases);
    addRepresentations(cases);
    addExamples(cases);
  }

  /** A request whose field {@code x-seen} is what the block says behind what is needed. */
  private static void expectSeen(Probe probe, int stream, String value, byte[]... block)
      throws IOException {
    probe.send(Frame.headers(stream, true, Frame.joined(probe.get(SEEN), Frame.joined(block))));
    assertThat(probe.expectServed(stream).text()).isEqualTo(value);
  }

  private static void refused(Cases cases, String section, String title, byte[]... block) {
    cases.add(
        "RFC 7541 " + section,
        title,
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(1, true, Frame.joined(probe.get(probe.never()), Frame.joined(block))));
          probe.expectConnectionError(COMPRESSION_ERROR);
        });
  }

  private static void addIndexes(Cases cases) {
    refused(cases, "2.3.3", "an index behind the tables", Hpack.indexed(70));
    refused(cases, "2.3.3", "an index behind an empty dynamic table", Hpack.indexed(62));
    refused(cases, "2.3.3", "an index of 2^31-1", Hpack.indexed(0x7fff_ffff));
    for (Hpack.Kind kind : Hpack.Kind.values()) {
      refused(
          cases,
          "2.3.3",
          "a name's index behind the tables, " + kind,
          Hpack.literal(kind, false, 70, "value"));
    }
    refused(cases, "6.1", "index 0", Hpack.indexed(0));
    cases.add(
        "RFC 7541 2.3.3",
        "the newest entry is the first",
        probe -> {
          probe.open();
          byte[] one = Hpack.literal(INCREMENTAL, false, "x-seen", "one");
          byte[] two = Hpack.literal(INCREMENTAL, false, "x-other", "two");
          expectSeen(probe, 1, "one", one, two);
          expectSeen(probe, 3, "one", Hpack.indexed(Hpack.NEWEST + 1));
          expectSeen(probe, 5, "three", Hpack.literal(NEVER_INDEXED, true, 63, "three"));
          probe.send(
              Frame.headers(7, true, Frame.joined(probe.get(probe.never()), Hpack.indexed(64))));
          probe.expectConnectionError(COMPRESSION_ERROR);
        });
  }

  private static void addTable(Cases cases) {
    refused(cases, "4.2", "a size update behind a field", Hpack.sizeUpdate(0));
    cases.add(
        "RFC 7541 4.2",
        "a size update between fields",
        probe -> {
          probe.open();
          byte[] block = Frame.joined(Hpack.sizeUpdate(100), probe.get(probe.never()));
          byte[] more = Frame.joined(Hpack.sizeUpdate(50), Probe.fields("x", "y"));
          probe.send(Frame.headers(1, true, Frame.joined(block, more)));
          probe.expectConnectionError(COMPRESSION_ERROR);
        });
    cases.add(
        "RFC 7541 4.2",
        "size updates before all fields, one or several",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(1, true, Frame.joined(Hpack.sizeUpdate(0), probe.get(Probe.OK))));
          probe.expectServed(1);
          probe.send(
              Frame.headers(
                  3,
                  true,
                  Frame.joined(
                      Hpack.sizeUpdate(128), Hpack.sizeUpdate(4096), probe.get(Probe.OK))));
          probe.expectServed(3);
        });
    for (long size : new long[] {1, 1_000_000, 0xffff_ffffL}) {
      cases.add(
          "RFC 7541 6.3",
          "a size update above what is allowed by " + size,
          probe -> {
            Http2Client client = probe.open();
            long allowed = client.serverSetting(Frame.HEADER_TABLE_SIZE, 4096);
            byte[] update = Hpack.sizeUpdate(allowed + size);
            probe.send(Frame.headers(1, true, Frame.joined(update, probe.get(probe.never()))));
            probe.expectConnectionError(COMPRESSION_ERROR);
          });
    }
    cases.add(
        "RFC 7541 4.3",
        "a size update to 0 throws all entries out",
        probe -> {
          probe.open();
          expectSeen(probe, 1, "kept", Hpack.literal(INCREMENTAL, false, "x-seen", "kept"));
          expectSeen(probe, 3, "kept", Hpack.indexed(Hpack.NEWEST));
          byte[] block =
              Frame.joined(
                  Hpack.sizeUpdate(0),
                  Hpack.sizeUpdate(4096),
                  probe.get(probe.never()),
                  Hpack.indexed(Hpack.NEWEST));
          probe.send(Frame.headers(5, true, block));
          probe.expectConnectionError(COMPRESSION_ERROR);
        });
    cases.add(
        "RFC 7541 4.3",
        "a smaller table throws the oldest entries out alone",
        probe -> {
          probe.open();
          byte[] old = Hpack.literal(INCREMENTAL, false, "x-old", "1");
          byte[] young = Hpack.literal(INCREMENTAL, false, "x-seen", "young");
          expectSeen(probe, 1, "young", old, young);
          // 6 + 5 + 32 octets are the younger one.
          probe.send(
              Frame.headers(
                  3,
                  true,
                  Frame.joined(
                      Hpack.sizeUpdate(43), probe.get(SEEN), Hpack.indexed(Hpack.NEWEST))));
          assertThat(probe.expectServed(3).text()).isEqualTo("young");
          probe.send(
              Frame.headers(
                  5,
                  true,
                  Frame.joined(probe.get(probe.never()), Hpack.indexed(Hpack.NEWEST + 1))));
          probe.expectConnectionError(COMPRESSION_ERROR);
        });
    cases.add(
        "RFC 7541 4.4",
        "an entry that is larger than the table empties it, and is no error",
        probe -> {
          probe.open();
          expectSeen(probe, 1, "kept", Hpack.literal(INCREMENTAL, false, "x-seen", "kept"));
          probe.send(
              Frame.headers(
                  3,
                  true,
                  Frame.joined(
                      probe.get(Probe.OK),
                      Hpack.literal(INCREMENTAL, false, "x-large", "v".repeat(4096)))));
          probe.expectServed(3);
          probe.send(
              Frame.headers(
                  5, true, Frame.joined(probe.get(probe.never()), Hpack.indexed(Hpack.NEWEST))));
          probe.expectConnectionError(COMPRESSION_ERROR);
        });
    cases.add(
        "RFC 7541 4.4",
        "a name of an entry that makes room for its own",
        probe -> {
          probe.open();
          String filler = "f".repeat(4096 - 32 - 6);
          probe.send(
              Frame.headers(
                  1,
                  true,
                  Frame.joined(
                      probe.get(Probe.OK), Hpack.literal(INCREMENTAL, false, "x-seen", filler))));
          assertThat(probe.client().await(1).status()).isIn(200, 431);
          expectSeen(probe, 3, "again", Hpack.literal(INCREMENTAL, false, 62, "again"));
          expectSeen(probe, 5, "again", Hpack.indexed(Hpack.NEWEST));
        });
    cases.add(
        "RFC 7541 4.1",
        "duplicates are entries of their own",
        probe -> {
          probe.open();
          byte[] twice = Hpack.literal(INCREMENTAL, false, "x-seen", "twice");
          expectSeen(probe, 1, "twice", twice);
          expectSeen(probe, 3, "twice", twice);
          expectSeen(probe, 5, "twice", Hpack.indexed(Hpack.NEWEST + 1));
        });
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static void addIntegers(Cases cases) {
    refused(cases, "5.1", "an index without an end", hex("ff ff ff ff ff ff ff ff ff ff ff 01"));
    refused(cases, "5.1", "an index above 2^32", hex("ff 80 80 80 80 10"));
    refused(cases, "5.1", "an index that ends with its block", hex("ff 80"));
    refused(cases, "5.1", "a length of a name above 2^31", hex("40 7f 80 ff ff ff 7f"));
    refused(
        cases, "5.1", "a length of a name above 2^63", hex("40 7f ff ff ff ff ff ff ff ff ff 7f"));
    refused(cases, "5.1", "a length that ends with its block", hex("40 7f"));
    cases.add(
        "RFC 7541 5.1",
        "a size update above 2^32",
        probe -> {
          probe.open();
          byte[] update = hex("3f e1 ff ff ff ff 01");
          probe.send(Frame.headers(1, true, Frame.joined(update, probe.get(probe.never()))));
          probe.expectConnectionError(COMPRESSION_ERROR);
        });
    cases.add(
        "RFC 7541 5.1",
        "an integer with zeros that say nothing",
        probe -> {
          probe.open();
          // 6 octets of name: 0x06 does without, 127 and more do not.
          String value = "v".repeat(127);
          byte[] long127 = Frame.joined(hex("7f 80 00"), value.getBytes(StandardCharsets.US_ASCII));
          expectSeen(
              probe, 1, value, Frame.joined(hex("00"), Hpack.string("x-seen", false), long127));
        });
  }

  private static void addStrings(Cases cases) {
    refused(
        cases,
        "5.2",
        "a string behind the end of its block",
        hex("00"),
        Hpack.string("x", false),
        hex("05 61"));
    refused(
        cases,
        "5.2",
        "Huffman: padding of eight bits and more",
        hex("00"),
        Hpack.string("x", false),
        Hpack.string(
            HuffmanCode.encode("value".getBytes(StandardCharsets.US_ASCII), 0xff, 1), true));
    refused(
        cases,
        "5.2",
        "Huffman: padding of zeros",
        hex("00"),
        Hpack.string("x", false),
        Hpack.string(HuffmanCode.encode("val".getBytes(StandardCharsets.US_ASCII), 0, 0), true));
    refused(
        cases,
        "5.2",
        "Huffman: EOS",
        hex("00"),
        Hpack.string("x", false),
        Hpack.string(HuffmanCode.encode(new int[] {'a', HuffmanCode.EOS, 'b'}, 0xff, 0), true));
    refused(
        cases,
        "5.2",
        "Huffman: EOS in a name",
        hex("00"),
        Hpack.string(HuffmanCode.encode(new int[] {'a', HuffmanCode.EOS}, 0xff, 0), true),
        Hpack.string("v", false));
    refused(
        cases,
        "5.2",
        "Huffman: nothing but padding",
        hex("00"),
        Hpack.string("x", false),
        Hpack.string(hex("ff"), true));
    refused(
        cases,
        "5.2",
        "Huffman: a code without its end",
        hex("00"),
        Hpack.string("x", false),
        Hpack.string(Arrays.copyOf(HuffmanCode.encode("\u0001\u0001"), 4), true));
    cases.add(
        "RFC 7541 5.2",
        "Huffman: every octet that a value may have",
        probe -> {
          probe.open();
          StringBuilder all = new StringBuilder("x");
          for (char c = ' '; c < 0x100; c++) {
            if (c != 0x7f) {
              all.append(c);
            }
          }
          String value = all.append('x').toString();
          expectSeen(probe, 1, value, Hpack.literal(WITHOUT_INDEXING, true, "x-seen", value));
          expectSeen(probe, 3, value, Hpack.literal(WITHOUT_INDEXING, false, "x-seen", value));
        });
    cases.add(
        "RFC 7541 5.2",
        "an empty value, coded and not",
        probe -> {
          probe.open();
          for (int stream : new int[] {1, 3}) {
            expectSeen(
                probe, stream, "", Hpack.literal(WITHOUT_INDEXING, stream == 1, "x-seen", ""));
          }
        });
  }

  private static void addRepresentations(Cases cases) {
    for (Hpack.Kind kind : Hpack.Kind.values()) {
      for (boolean isHuffman : new boolean[] {false, true}) {
        String how = kind + (isHuffman ? ", Huffman" : "");
        cases.add(
            "RFC 7541 6.2",
            "literal with a new name, " + how,
            probe -> {
              probe.open();
              expectSeen(
                  probe, 1, "new name", Hpack.literal(kind, isHuffman, "x-seen", "new name"));
              probe.expectGoesOn();
            });
        cases.add(
            "RFC 7541 6.2",
            "literal with a name of the static table, " + how,
            probe -> {
              probe.open();
              byte[] agent = Hpack.literal(kind, isHuffman, Hpack.USER_AGENT, "agent");
              probe.send(Frame.headers(1, true, Frame.joined(probe.get("/agent"), agent)));
              assertThat(probe.expectServed(1).text()).isEqualTo("agent");
            });
        cases.add(
            "RFC 7541 6.2",
            "literal with a name of the dynamic table, " + how,
            probe -> {
              probe.open();
              expectSeen(
                  probe, 1, "first", Hpack.literal(INCREMENTAL, isHuffman, "x-seen", "first"));
              expectSeen(probe, 3, "second", Hpack.literal(kind, isHuffman, 62, "second"));
              String newest = kind == INCREMENTAL ? "second" : "first";
              expectSeen(probe, 5, newest, Hpack.indexed(Hpack.NEWEST));
            });
      }
    }
    cases.add(
        "RFC 7541 6.1",
        "indexed fields of the static table",
        probe -> {
          probe.open();
          byte[] block =
              Frame.joined(
                  Hpack.indexed(Hpack.METHOD_GET),
                  Hpack.indexed(probe.endpoint().isTls() ? Hpack.SCHEME_HTTPS : Hpack.SCHEME_HTTP),
                  Hpack.literal(INCREMENTAL, true, Hpack.AUTHORITY, probe.endpoint().authority()),
                  Hpack.literal(
                      INCREMENTAL, true, Hpack.PATH, probe.endpoint().prefix() + Probe.OK));
          probe.send(Frame.headers(1, true, block));
          probe.expectServed(1);
          byte[] again =
              Frame.joined(
                  Hpack.indexed(Hpack.METHOD_GET),
                  Hpack.indexed(probe.endpoint().isTls() ? Hpack.SCHEME_HTTPS : Hpack.SCHEME_HTTP),
                  Hpack.indexed(63),
                  Hpack.indexed(62));
          probe.send(Frame.headers(3, true, again));
          probe.expectServed(3);
        });
    cases.add(
        "RFC 7541 6.1",
        "an entry of the dynamic table is what it was, many requests later",
        probe -> {
          probe.open();
          expectSeen(probe, 1, "kept", Hpack.literal(INCREMENTAL, true, "x-seen", "kept"));
          for (int i = 1; i <= 20; i++) {
            expectSeen(
                probe,
                2 * i + 1,
                "kept",
                Hpack.indexed(Hpack.NEWEST + i - 1),
                Hpack.literal(INCREMENTAL, true, "x-more", "number " + i));
          }
        });
  }

  /** Blocks of Appendix C, as they stand there. */
  private static void addExamples(Cases cases) {
    cases.add(
        "RFC 7541 C.2",
        "fields by themselves",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(
                  1,
                  true,
                  Frame.joined(
                      probe.get(Probe.OK),
                      hex("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"),
                      hex("1008 7061 7373 776f 7264 0673 6563 7265 74"))));
          probe.expectServed(1);
        });
    example(
        cases,
        "C.3",
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65");
    example(
        cases,
        "C.4",
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf");
  }

  private static void example(Cases cases, String section, String... blocks) {
    cases.add(
        "RFC 7541 " + section,
        "three requests on one connection are read",
        probe -> {
          probe.open();
          int stream = 1;
          for (String block : blocks) {
            probe.send(Frame.headers(stream, true, hex(block)));
            // For another host, so that any answer is right; what counts is that it was read.
            Answer answer = probe.client().await(stream);
            assertThat(answer.isEnded()).as("%s; %s", answer, probe.client()).isTrue();
            stream += 2;
          }
          // x-seen by the name that the third one put into the table: custom-key.
          expectSeen(
              probe,
              stream,
              "after it",
              Hpack.indexed(62),
              Hpack.literal(WITHOUT_INDEXING, false, "x-seen", "after it"));
        });
  }
}
