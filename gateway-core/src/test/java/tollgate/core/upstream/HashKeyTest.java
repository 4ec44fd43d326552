package tollgate.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;

class HashKeyTest {
  private final InetAddress client = InetAddress.getLoopbackAddress();
  private final RequestHead head =
      RequestHead.over(
          new ReceivedRequest(
              "HTTP/1.1",
              Method.GET,
              "http",
              "x",
              "/orders/1",
              "a=1&user=ann&user=bob&empty=",
              ReceivedFields.NONE,
              BodyLength.ABSENT,
              false));

  @Test
  void takesTheFirstLineOfAHeader() {
    HashKey key = new HashKey.Header(FieldName.of("X-Tenant"));
    assertThat(key.of(head, client)).isEqualTo(HashKey.NONE);
    head.fields().add(FieldName.of("X-Tenant"), "ann");
    head.fields().add(FieldName.of("X-Tenant"), "bob");
    assertThat(key.of(head, client)).isEqualTo(hash("ann"));
  }

  @Test
  void takesACookieByItsWholeName() {
    head.fields().add(FieldName.of("Cookie"), "xsid=1; sid=ann; sidx=2");
    assertThat(new HashKey.Cookie("sid").of(head, client)).isEqualTo(hash("ann"));
    assertThat(new HashKey.Cookie("id").of(head, client)).isEqualTo(HashKey.NONE);
    assertThat(new HashKey.Cookie("sidx").of(head, client)).isEqualTo(hash("2"));
  }

  @Test
  void takesAParameterByItsWholeName() {
    assertThat(new HashKey.Query("user").of(head, client)).isEqualTo(hash("ann"));
    assertThat(new HashKey.Query("use").of(head, client)).isEqualTo(HashKey.NONE);
    assertThat(new HashKey.Query("empty").of(head, client)).isEqualTo(hash(""));
    head.query(null);
    assertThat(new HashKey.Query("user").of(head, client)).isEqualTo(HashKey.NONE);
  }

  @Test
  void takesPathAndCaller() throws UnknownHostException {
    assertThat(HashKey.Path.PATH.of(head, client)).isEqualTo(hash("/orders/1"));
    HashKey caller = HashKey.ClientAddress.CLIENT_ADDRESS;
    InetAddress other = InetAddress.getByName("2001:db8::7");
    assertThat(caller.of(head, client)).isNotEqualTo(caller.of(head, other));
    assertThat(caller.of(head, other))
        .isEqualTo(caller.of(head, InetAddress.getByName("2001:db8::7")));
  }

  private static long hash(String text) {
    return Hash64.of(text, 0, text.length());
  }
}
