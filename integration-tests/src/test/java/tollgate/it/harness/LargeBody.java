package tollgate.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/**
 * A body of any length that is held nowhere: one block of random bytes again and again, each time
 * with its number in front, so that a block left out, doubled or moved shows. Immutable.
 */
public final class LargeBody {
  private static final byte[] BLOCK = Bytes.random(64 * 1024);
  private static final int BLOCKS_PER_MIB = Bytes.MIB / BLOCK.length;

  private final long blocks;
  private final String digest;

  private LargeBody(long blocks) {
    this.blocks = blocks;
    MessageDigest sum = sha256();
    for (long i = 0; i < blocks; i++) {
      sum.update(block(i));
    }
    this.digest = HexFormat.of().formatHex(sum.digest());
  }

  public static LargeBody ofMebibytes(long mebibytes) {
    return new LargeBody(mebibytes * BLOCKS_PER_MIB);
  }

  /** In bytes. */
  public long length() {
    return blocks * BLOCK.length;
  }

  /** SHA-256 in hexadecimal. */
  public String digest() {
    return digest;
  }

  public void writeTo(OutputStream out) throws IOException {
    for (long i = 0; i < blocks; i++) {
      out.write(block(i));
    }
  }

  /**
   * SHA-256 of the next bytes, in hexadecimal.
   *
   * @param pauseNanos behind each piece, so that they are taken slowly
   */
  static String digestOf(InputStream in, long length, long pauseNanos) throws IOException {
    MessageDigest sum = sha256();
    byte[] piece = new byte[BLOCK.length];
    for (long left = length; left > 0; ) {
      int count = in.read(piece, 0, (int) Math.min(piece.length, left));
      if (count < 0) {
        return left + " bytes short";
      }
      sum.update(piece, 0, count);
      left -= count;
      LockSupport.parkNanos(pauseNanos);
    }
    return HexFormat.of().formatHex(sum.digest());
  }

  private static byte[] block(long number) {
    byte[] block = BLOCK.clone();
    for (int i = 0; i < Long.BYTES; i++) {
      block[i] = (byte) (number >>> (8 * i));
    }
    return block;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
