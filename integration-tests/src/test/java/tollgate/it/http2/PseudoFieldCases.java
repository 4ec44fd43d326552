package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Pseudo-fields of requests: RFC 9113 sections 8.3 and 8.5. */
final class PseudoFieldCases {
  private PseudoFieldCases() {}

  static void addTo(Cases cases) {
    for (String name : new String[] {":method", ":scheme", ":path"}) {
      malformed(cases, name + " missing", probe -> without(request(probe, "GET"), name));
      malformed(cases, name + " twice", probe -> twice(request(probe, "GET"), name));
      // A scheme of none of ours is refused as one that is not served here.
      Fields empty = probe -> with(request(probe, "GET"), name, "");
      if (name.equals(":scheme")) {
        refused(cases, name + " empty", empty);
      } else {
        malformed(cases, name + " empty", empty);
      }
    }
    malformed(cases, ":authority twice", probe -> twice(request(probe, "GET"), ":authority"));
    malformed(cases, "unknown", probe -> plus(request(probe, "GET"), ":x", "y"));
    malformed(cases, "empty name", probe -> plus(request(probe, "GET"), ":", "y"));
    malformed(cases, "of an answer", probe -> plus(request(probe, "GET"), ":status", "200"));
    malformed(
        cases,
        "upper-case",
        probe -> plus(without(request(probe, "GET"), ":path"), ":Path", "/a" + probe.never()));
    malformed(
        cases,
        ":protocol without extended CONNECT",
        probe -> plus(request(probe, "GET"), ":protocol", "websocket"));
    malformed(
        cases,
        "behind a field",
        probe -> {
          List<String> fields = without(request(probe, "GET"), ":path");
          fields.addAll(List.of("x", "y", ":path", probe.endpoint().prefix() + probe.never()));
          return fields;
        });
    malformed(
        cases,
        "all behind a field",
        probe -> {
          List<String> fields = new ArrayList<>(List.of("x", "y"));
          fields.addAll(request(probe, "GET"));
          return fields;
        });
    malformed(cases, "no field at all", _ -> List.of());
    malformed(cases, "none but fields", _ -> List.of("host", "x", "accept", "*/*"));
    addMethods(cases);
    addPaths(cases);
    addAuthorities(cases);
    addConnect(cases);
    addExtendedConnect(cases);
  }

  private static void addMethods(Cases cases) {
    for (String method :
        new String[] {
          "GE T", "GET ", " GET", "GET\0", "GET\r\n", "G(T", "G:T", "GET / HTTP/1.1\r\nx:"
        }) {
      malformed(
          cases,
          ":method " + FieldCases.printed(method),
          probe -> with(request(probe, "GET"), ":method", method));
    }
    cases.add(
        "8.3.1",
        "other methods get an answer",
        probe -> {
          probe.open();
          int stream = 1;
          for (String method : new String[] {"TRACE", "BREW", "get", "PRI"}) {
            probe.send(Frame.headers(stream, true, probe.request(method, probe.never())));
            probe.expectRefused(stream);
            stream += 4;
          }
        });
  }

  private static void addPaths(Cases cases) {
    for (String path :
        new String[] {
          "a/never",
          "*",
          "http://x/a/never",
          "/a/never x",
          "/a/never\0",
          "/a/never\r\n",
          "/a/never HTTP/1.1\r\nx: y",
          "/a/never\u007f",
          "/a/never\u00e4",
          "/a/never#fragment",
          "/a/never\t",
          " /a/never",
          "/a/..%2fnever",
          "/a/%00never"
        }) {
      refused(
          cases,
          ":path " + FieldCases.printed(path),
          probe -> with(request(probe, "GET"), ":path", path));
    }
    refused(
        cases,
        ":scheme that is none: \"ht tp\"",
        probe -> with(request(probe, "GET"), ":scheme", "ht tp"));
    refused(
        cases,
        ":scheme that is none: \"https\\r\\n\"",
        probe -> with(request(probe, "GET"), ":scheme", "https\r\n"));
    cases.add(
        "8.3.1",
        "* for OPTIONS gets an answer, and reaches nobody",
        probe -> {
          probe.open();
          List<String> fields = with(request(probe, "OPTIONS"), ":path", "*");
          probe.send(Frame.headers(1, true, Probe.fields(fields.toArray(new String[0]))));
          Answer answer = probe.client().await(1);
          assertThat(answer.isOver()).as("%s", answer).isTrue();
          probe.expectGoesOn();
        });
  }

  private static void addAuthorities(Cases cases) {
    for (String authority :
        new String[] {
          "user@HOST",
          "user:password@HOST",
          "HOST/path",
          "HOST, HOST",
          "HOST HOST",
          "HOST\0",
          "HOST\r\n",
          "HOST:port",
          "HOST:99999",
          "HOST?x",
          "HOST#x",
          "[HOST",
          "HOST\\x"
        }) {
      refused(
          cases,
          ":authority " + FieldCases.printed(authority),
          probe ->
              with(
                  request(probe, "GET"),
                  ":authority",
                  authority.replace("HOST", probe.endpoint().authority())));
    }
    refused(
        cases,
        ":authority that differs from host",
        probe -> plus(request(probe, "GET"), "host", "other.example.com"));
    refused(
        cases,
        ":authority and two hosts",
        probe ->
            plus(
                plus(request(probe, "GET"), "host", probe.endpoint().authority()),
                "host",
                "other.example.com"));
    refused(
        cases,
        "two hosts",
        probe ->
            plus(
                plus(
                    without(request(probe, "GET"), ":authority"),
                    "host",
                    probe.endpoint().authority()),
                "host",
                probe.endpoint().authority()));
    refused(
        cases,
        "neither :authority nor host",
        probe -> without(request(probe, "GET"), ":authority"));
    refused(cases, "empty :authority", probe -> with(request(probe, "GET"), ":authority", ""));
    refused(
        cases,
        "empty host",
        probe -> plus(without(request(probe, "GET"), ":authority"), "host", ""));
    cases.add(
        "8.3.1",
        "host instead of :authority, and beside an equal one",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(
                  1,
                  true,
                  Probe.fields(
                      ":method",
                      "GET",
                      ":scheme",
                      probe.endpoint().scheme(),
                      ":path",
                      probe.endpoint().prefix() + Probe.OK,
                      "host",
                      probe.endpoint().authority())));
          probe.expectServed(1);
          probe.send(
              Frame.headers(3, true, probe.get(Probe.OK, "host", probe.endpoint().authority())));
          probe.expectServed(3);
        });
    cases.add(
        "8.3.1",
        "pseudo-fields in any order",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(
                  1,
                  true,
                  Probe.fields(
                      ":path",
                      probe.endpoint().prefix() + Probe.OK,
                      ":authority",
                      probe.endpoint().authority(),
                      ":method",
                      "GET",
                      ":scheme",
                      probe.endpoint().scheme())));
          probe.expectServed(1);
        });
  }

  private static void addConnect(Cases cases) {
    malformed(cases, "CONNECT with :scheme and :path", probe -> request(probe, "CONNECT"));
    malformed(
        cases,
        "CONNECT with :path",
        probe -> List.of(":method", "CONNECT", ":authority", "x:443", ":path", probe.never()));
    malformed(cases, "CONNECT without :authority", _ -> List.of(":method", "CONNECT"));
    refused(
        cases,
        "CONNECT, which opens no tunnel",
        _ -> List.of(":method", "CONNECT", ":authority", "other.example.com:443"));
  }

  /** RFC 8441, whether the server speaks it or not. */
  private static void addExtendedConnect(Cases cases) {
    for (String name : new String[] {":scheme", ":path"}) {
      malformed(
          cases,
          "CONNECT with :protocol and without " + name,
          probe -> without(plus(request(probe, "CONNECT"), ":protocol", "websocket"), name));
    }
    malformed(
        cases,
        "CONNECT with :protocol twice",
        probe -> twice(plus(request(probe, "CONNECT"), ":protocol", "websocket"), ":protocol"));
    malformed(
        cases,
        "CONNECT with :protocol behind a field",
        probe -> plus(plus(request(probe, "CONNECT"), "x", "y"), ":protocol", "websocket"));
    for (String protocol : new String[] {"", "connect-udp", "web socket", "websocket\r\n"}) {
      refused(
          cases,
          "CONNECT with :protocol " + FieldCases.printed(protocol),
          probe -> plus(request(probe, "CONNECT"), ":protocol", protocol));
    }
    refused(
        cases,
        "CONNECT with :protocol where no WebSocket may be opened",
        probe -> plus(request(probe, "CONNECT"), ":protocol", "websocket"));
  }

  // ---- what they are made of

  @FunctionalInterface
  private interface Fields {
    List<String> of(Probe probe);
  }

  private static List<String> request(Probe probe, String method) {
    return new ArrayList<>(
        List.of(
            ":method",
            method,
            ":scheme",
            probe.endpoint().scheme(),
            ":path",
            probe.endpoint().prefix() + probe.never(),
            ":authority",
            probe.endpoint().authority()));
  }

  private static List<String> without(List<String> fields, String name) {
    int at = fields.indexOf(name);
    fields.remove(at + 1);
    fields.remove(at);
    return fields;
  }

  private static List<String> with(List<String> fields, String name, String value) {
    fields.set(fields.indexOf(name) + 1, value);
    return fields;
  }

  private static List<String> twice(List<String> fields, String name) {
    int at = fields.indexOf(name);
    String value = fields.get(at + 1);
    fields.add(at, value);
    fields.add(at, name);
    return fields;
  }

  private static List<String> plus(List<String> fields, String name, String value) {
    fields.add(name);
    fields.add(value);
    return fields;
  }

  private static void malformed(Cases cases, String title, Fields fields) {
    cases.add(
        "8.3",
        "malformed: " + title,
        probe -> {
          send(probe, fields);
          probe.expectMalformed(1);
        });
  }

  private static void refused(Cases cases, String title, Fields fields) {
    cases.add(
        "8.3.1",
        "refused: " + title,
        probe -> {
          send(probe, fields);
          probe.expectRefused(1);
        });
  }

  private static void send(Probe probe, Fields fields) throws java.io.IOException {
    probe.open();
    probe.send(Frame.headers(1, true, Probe.fields(fields.of(probe).toArray(new String[0]))));
  }
}
