package tollgate.transport.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a key or certificate file holds is read or refused in words. */
class MutatedPemTest {
  private static final long SEED = Long.getLong("seed", 20261125);
  private static final int RUNS = Integer.getInteger("cases", 2000);
  private static final Path FILE = Path.of("some.pem");
  private static final List<String> LABELS =
      List.of("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE", "X");

  @Test
  void refusesInWords() throws Exception {
    byte[] key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      byte[] content = content(key, new Random(seed)).getBytes(ISO_8859_1);
      try {
        read(content);
      } catch (RuntimeException e) {
        fail("-Dseed=" + seed + " -Dcases=1: " + new String(content, ISO_8859_1), e);
      }
    }
  }

  /** What any content must come to; of interest is what is thrown. */
  static void read(byte[] content) {
    try {
      var _ = Pem.certificates(FILE, content);
    } catch (BadTlsFileException _) {
      // in words
    }
    try {
      var _ = Pem.privateKey(FILE, content);
    } catch (BadTlsFileException _) {
      // in words
    }
  }

  /** Damaged before and after it is put into PEM. */
  private static String content(byte[] key, Random random) {
    byte[] der = key.clone();
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      der[random.nextInt(der.length)] = (byte) random.nextInt(256);
    }
    String label = LABELS.get(random.nextInt(LABELS.size()));
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    StringBuilder pem =
        new StringBuilder(
            "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    for (int edits = random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(pem.length());
      switch (random.nextInt(3)) {
        case 0 -> pem.setCharAt(at, (char) random.nextInt(256));
        case 1 -> pem.delete(at, Math.min(pem.length(), at + random.nextInt(30)));
        default -> pem.insert(at, pem.substring(0, random.nextInt(pem.length())));
      }
      if (pem.isEmpty()) {
        break;
      }
    }
    return pem.toString();
  }
}
