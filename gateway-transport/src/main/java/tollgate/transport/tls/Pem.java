package tollgate.transport.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Certificates, revocation lists and private keys in PEM (RFC 7468). Keys are PKCS#8, PKCS#1 (RSA)
 * or SEC 1 (EC); the latter two are wrapped into PKCS#8, which is all the JDK reads. No state.
 */
final class Pem {
  private static final String[] KEY_ALGORITHMS = {"EC", "RSA", "Ed25519", "RSASSA-PSS"};

  // AlgorithmIdentifier { rsaEncryption, NULL } and the OID id-ecPublicKey (RFC 8017, RFC 5480)
  private static final byte[] RSA_ALGORITHM = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };
  private static final byte[] EC_PUBLIC_KEY = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /** RFC 5915: {@code parameters [0] EXPLICIT ECParameters OPTIONAL}. */
  private static final int EC_PARAMETERS = 0xa0;

  private Pem() {}

  /** What stands between BEGIN and END. */
  private static final class Block {
    final String label;
    final byte[] der;

    Block(String label, byte[] der) {
      this.label = label;
      this.der = der;
    }
  }

  /** All certificates in the file's order, at least one. */
  static List<X509Certificate> certificates(Path file, byte[] content) throws BadTlsFileException {
    var found = new ArrayList<X509Certificate>();
    for (Block block : blocks(file, content)) {
      if (block.label.equals("CERTIFICATE")) {
        found.add(certificate(file, block.der));
      }
    }
    if (found.isEmpty()) {
      throw new BadTlsFileException(file, "holds no PEM certificate");
    }
    return found;
  }

  /** All certificate revocation lists in the file's order, at least one. */
  static List<X509CRL> revocationLists(Path file, byte[] content) throws BadTlsFileException {
    var found = new ArrayList<X509CRL>();
    for (Block block : blocks(file, content)) {
      if (block.label.equals("X509 CRL")) {
        found.add(revocationList(file, block.der));
      }
    }
    if (found.isEmpty()) {
      throw new BadTlsFileException(file, "holds no PEM revocation list (X509 CRL)");
    }
    return found;
  }

  /** The first private key. */
  static PrivateKey privateKey(Path file, byte[] content) throws BadTlsFileException {
    for (Block block : blocks(file, content)) {
      byte[] pkcs8 =
          switch (block.label) {
            case "PRIVATE KEY" -> block.der;
            case "RSA PRIVATE KEY" -> pkcs1(block.der);
            case "EC PRIVATE KEY" -> sec1(file, block.der);
            case "ENCRYPTED PRIVATE KEY" ->
                throw new BadTlsFileException(file, "is encrypted (expected: a key in the clear)");
            default -> null;
          };
      if (pkcs8 != null) {
        return decode(file, pkcs8);
      }
    }
    throw new BadTlsFileException(file, "holds no PEM private key");
  }

  private static X509Certificate certificate(Path file, byte[] der) throws BadTlsFileException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException _) {
      throw new BadTlsFileException(file, "holds a certificate that cannot be read");
    }
  }

  private static X509CRL revocationList(Path file, byte[] der) throws BadTlsFileException {
    try {
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (CertificateException | CRLException _) {
      throw new BadTlsFileException(file, "holds a revocation list that cannot be read");
    }
  }

  private static PrivateKey decode(Path file, byte[] pkcs8) throws BadTlsFileException {
    var spec = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException _) {
        // not of this algorithm: the next
      }
    }
    throw new BadTlsFileException(
        file, "holds a private key that cannot be read (expected: RSA, EC or Ed25519)");
  }

  private static List<Block> blocks(Path file, byte[] content) throws BadTlsFileException {
    var found = new ArrayList<Block>();
    String label = null;
    var base64 = new StringBuilder();
    for (String line : new String(content, StandardCharsets.ISO_8859_1).lines().toList()) {
      String text = line.strip();
      if (label == null) {
        if (text.startsWith("-----BEGIN ") && text.endsWith("-----")) {
          label = text.substring("-----BEGIN ".length(), text.length() - "-----".length());
          base64.setLength(0);
        }
      } else if (text.equals("-----END " + label + "-----")) {
        found.add(new Block(label, decodeBase64(file, base64)));
        label = null;
      } else if (text.indexOf(':') < 0) { // RFC 1421 headers are skipped
        base64.append(text);
      }
    }
    if (label != null) {
      throw new BadTlsFileException(file, "ends inside a PEM block");
    }
    return found;
  }

  private static byte[] decodeBase64(Path file, StringBuilder base64) throws BadTlsFileException {
    try {
      return Base64.getDecoder().decode(base64.toString());
    } catch (IllegalArgumentException _) {
      throw new BadTlsFileException(file, "holds a PEM block that is not Base64");
    }
  }

  /** RFC 5208: PrivateKeyInfo { 0, { rsaEncryption, NULL }, the key }. */
  private static byte[] pkcs1(byte[] key) {
    return der(SEQUENCE, VERSION_0, RSA_ALGORITHM, der(OCTET_STRING, key));
  }

  /** RFC 5915 into RFC 5208: the curve moves into the algorithm. */
  private static byte[] sec1(Path file, byte[] key) throws BadTlsFileException {
    byte[] curve = curve(key);
    if (curve == null) {
      throw new BadTlsFileException(file, "holds an EC private key that names no curve");
    }
    return der(SEQUENCE, VERSION_0, der(SEQUENCE, EC_PUBLIC_KEY, curve), der(OCTET_STRING, key));
  }

  /** The content of the element with tag [0] inside ECPrivateKey; null if there is none. */
  private static byte @Nullable [] curve(byte[] key) {
    int at = contentStart(key, 0);
    while (at > 0 && at + 1 < key.length) {
      int start = contentStart(key, at);
      int end = contentEnd(key, at);
      if (start < 0 || end > key.length || end < start) {
        return null;
      }
      if ((key[at] & 0xff) == EC_PARAMETERS) {
        return Arrays.copyOfRange(key, start, end);
      }
      at = end;
    }
    return null;
  }

  /** Where the content of the element at {@code at} begins; -1 if its length cannot be read. */
  private static int contentStart(byte[] der, int at) {
    if (at + 1 >= der.length) {
      return -1;
    }
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return at + 2;
    }
    int lengthBytes = first & 0x7f;
    return lengthBytes < 1 || lengthBytes > 2 || at + 2 + lengthBytes > der.length
        ? -1
        : at + 2 + lengthBytes;
  }

  private static int contentEnd(byte[] der, int at) {
    int start = contentStart(der, at);
    if (start < 0) {
      return -1;
    }
    int length = der[at + 1] & 0xff;
    if (length >= 0x80) {
      length = 0;
      for (int i = at + 2; i < start; i++) {
        length = (length << 8) | (der[i] & 0xff);
      }
    }
    return start + length;
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    byte[] whole = Arrays.copyOf(head, head.length + length);
    int at = head.length;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
