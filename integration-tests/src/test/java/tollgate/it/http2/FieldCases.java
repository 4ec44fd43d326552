package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

/** Names and values of fields: RFC 9113 section 8.2. */
final class FieldCases {
  private FieldCases() {}

  static void addTo(Cases cases) {
    for (String name :
        new String[] {
          "Upper",
          "x-uppeR",
          "",
          " leading",
          "trailing ",
          "in side",
          "co:lon",
          "tab\t",
          "nul\0",
          "cr\r",
          "lf\n",
          "crlf\r\nhost",
          "del\u007f",
          "high\u0080",
          "\u00fcmlaut",
          "x\u0001",
          "x(y)",
          "x@y",
          "x,y",
          "x;y",
          "x=y",
          "x[y",
          "x{y",
          "x\"y",
          "x/y",
          "x\\y"
        }) {
      malformed(cases, "8.2.1", "a name that is none: " + printed(name), name, "value");
    }
    for (String value :
        new String[] {
          "nul\0",
          "\0",
          "cr\r",
          "lf\n",
          "cr\rlf",
          "a\r\nx-smuggled: b",
          "a\r\n\r\nGET / HTTP/1.1",
          " leading",
          "trailing ",
          "\tleading",
          "trailing\t",
          " "
        }) {
      malformed(cases, "8.2.1", "a value that is none: " + printed(value), "x-value", value);
    }
    for (String value : new String[] {"in side", "tab\tinside", "", "\u00e4\u00f6", "a:b\"c\\d"}) {
      cases.add(
          "8.2.1",
          "a value that is one: " + printed(value),
          probe -> {
            probe.open();
            probe.send(Frame.headers(1, true, probe.get(Probe.OK, "x-value", value)));
            probe.expectServed(1);
          });
    }
    connectionSpecific(cases, "connection", "close");
    connectionSpecific(cases, "connection", "x-value");
    connectionSpecific(cases, "proxy-connection", "keep-alive");
    connectionSpecific(cases, "keep-alive", "timeout=5");
    connectionSpecific(cases, "transfer-encoding", "chunked");
    connectionSpecific(cases, "transfer-encoding", "identity");
    connectionSpecific(cases, "upgrade", "h2c");
    connectionSpecific(cases, "te", "gzip");
    connectionSpecific(cases, "te", "trailers, deflate");
    connectionSpecific(cases, "te", "trailers;q=0.5");
    cases.add(
        "8.2.2",
        "te: trailers may come",
        probe -> {
          probe.open();
          probe.send(Frame.headers(1, true, probe.get(Probe.OK, "te", "trailers")));
          probe.expectServed(1);
        });
    cases.add(
        "8.2.3",
        "cookies in pieces are one cookie to an HTTP/1.1 origin",
        probe -> {
          probe.open();
          probe.send(
              Frame.headers(
                  1,
                  true,
                  probe.get(
                      "/cookie", "cookie", "a=b", "x", "y", "cookie", "c=d", "cookie", "e=f")));
          assertThat(probe.expectServed(1).text()).isEqualTo("a=b; c=d; e=f");
        });
  }

  private static void malformed(
      Cases cases, String section, String title, String name, String value) {
    cases.add(
        section,
        title,
        probe -> {
          probe.open();
          probe.send(Frame.headers(1, true, probe.get(probe.never(), name, value)));
          probe.expectMalformed(1);
        });
  }

  private static void connectionSpecific(Cases cases, String name, String value) {
    malformed(cases, "8.2.2", "a field of the connection: " + name + ": " + value, name, value);
  }

  static String printed(String text) {
    StringBuilder printed = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      printed.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\x%02x", (int) c));
    }
    return printed.append('"').toString();
  }
}
