package tollgate.transport.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.http.Cidr;
import tollgate.core.http.CidrSet;
import tollgate.core.testkit.ManualTicker;
import tollgate.transport.server.ConnectionLimits.HandshakeRate;

/** Which connections are too many. */
final class AdmissionTest {
  private static final CidrSet PROXIES =
      CidrSet.of(List.of(requireNonNull(Cidr.parse("10.0.0.0/8"))));

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "255.255.255.255, 127.255.255.255, false"
  })
  void takesOneAddressOrOneNetworkForAClient(String one, String other, boolean isSame) {
    assertThat(ClientKey.of(address(one)) == ClientKey.of(address(other))).isEqualTo(isSame);
  }

  @Test
  void takesAMappedAddressForTheIpv4OneItHolds() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    System.arraycopy(address("192.0.2.1").getAddress(), 0, mapped, 12, 4);
    assertThat(ClientKey.of(Inet6Address.getByAddress(null, mapped, -1)))
        .isEqualTo(ClientKey.of(address("192.0.2.1")));
  }

  @Test
  void countsConnectionsOfAClientUntilTheyClose() {
    Admission admission = admission(new ConnectionLimits(0, 2, null, PROXIES), false);
    Admission.Held first = new Admission.Held();
    assertThat(admits(admission, "192.0.2.1", first)).isTrue();
    assertThat(admits(admission, "192.0.2.1", new Admission.Held())).isTrue();
    Admission.Held third = new Admission.Held();
    assertThat(admits(admission, "192.0.2.1", third)).isFalse();
    admission.closed(third);
    assertThat(admits(admission, "192.0.2.2", new Admission.Held())).as("another").isTrue();

    admission.closed(first);
    Admission.Held fourth = new Admission.Held();
    assertThat(admits(admission, "192.0.2.1", fourth)).isTrue();
    admission.closed(fourth);
    admission.closed(fourth); // counted once
    assertThat(admits(admission, "192.0.2.1", new Admission.Held())).isTrue();
    assertThat(admits(admission, "192.0.2.1", new Admission.Held())).isFalse();
  }

  @Test
  void countsNothingForProxies() {
    Admission admission =
        admission(
            new ConnectionLimits(0, 1, new HandshakeRate(1, Duration.ofHours(1), 1), PROXIES),
            true);
    for (int i = 0; i < 100; i++) {
      assertThat(admits(admission, "10.1.2.3", new Admission.Held())).isTrue();
    }
    assertThat(admission.clients()).isZero();
  }

  @Test
  void remembersNobodyWhoHasNoConnection() throws UnknownHostException {
    Admission admission = admission(new ConnectionLimits(0, 1, null, CidrSet.EMPTY), false);
    List<Admission.Held> open = new ArrayList<>();
    int mostRemembered = 0;
    int refused = 0;
    for (int i = 0; i < 1_000_000; i++) {
      byte[] hopped = address("2001:db8::1").getAddress();
      ByteBuffer.wrap(hopped).putInt(4, i);
      Admission.Held held = new Admission.Held();
      refused += admission.admits(InetAddress.getByAddress(hopped), 0, held) ? 0 : 1;
      open.add(held);
      if (open.size() == 100) {
        mostRemembered = Math.max(mostRemembered, admission.clients());
        open.forEach(admission::closed);
        open.clear();
      }
    }
    assertThat(refused).isZero();
    assertThat(mostRemembered).isEqualTo(100);
    assertThat(admission.clients()).isZero();
  }

  @Test
  void limitsHandshakesOnlyWhereThereAreSome() {
    var limits =
        new ConnectionLimits(0, 0, new HandshakeRate(1, Duration.ofHours(1), 2), CidrSet.EMPTY);
    Admission tls = admission(limits, true);
    Admission plain = admission(limits, false);
    for (int i = 0; i < 5; i++) {
      assertThat(admits(tls, "192.0.2.1", new Admission.Held())).isEqualTo(i < 2);
      assertThat(admits(plain, "192.0.2.1", new Admission.Held())).isTrue();
    }
  }

  private static Admission admission(ConnectionLimits limits, boolean isTls) {
    return new Admission(limits, isTls, new RefusalLog("test", new ManualTicker()));
  }

  private static boolean admits(Admission admission, String client, Admission.Held held) {
    return admission.admits(address(client), 0, held);
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
