package tollgate.transport.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

/** The buffer that a loop lends again and again. */
final class LentBufferTest {
  @Test
  void isLentAgainWhenItHasComeBack() {
    LentBuffer lent = new LentBuffer(16);
    ByteBuf first = requireNonNull(lent.borrow(16));
    first.writeLong(7);
    first.release();
    ByteBuf second = requireNonNull(lent.borrow(1));
    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).isZero();
    second.release();
    lent.free();
    assertThat(second.refCnt()).isZero();
  }

  @Test
  void isNotLentTwiceNorBeyondItsSize() {
    LentBuffer lent = new LentBuffer(16);
    assertThat(lent.borrow(17)).isNull();
    ByteBuf out = requireNonNull(lent.borrow(16));
    assertThat(lent.borrow(1)).isNull();
    out.release();
    lent.free();
  }

  @Test
  void isLeftToWhoDoesNotGiveItBack() {
    LentBuffer lent = new LentBuffer(16);
    ByteBuf kept = requireNonNull(lent.borrow(16));
    kept.writeLong(7);
    ByteBuf other = null;
    for (int i = 0; other == null && i < 1_000; i++) {
      other = lent.borrow(16);
    }
    assertThat(requireNonNull(other)).isNotSameAs(kept);
    assertThat(kept.readLong()).isEqualTo(7);
    kept.release();
    assertThat(kept.refCnt()).isZero();
    other.release();
    lent.free();
  }
}
