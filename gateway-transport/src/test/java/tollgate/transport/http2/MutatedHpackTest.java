package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes is decoded as the book says, or refused as the protocol has it. */
class MutatedHpackTest {
  private static final int CONNECTIONS = 4000;
  private static final int BLOCKS = 8;

  @Test
  void refusesOrUnderstandsMutatedBlocks() {
    int understood = 0;
    int refused = 0;
    for (int seed = 0; seed < CONNECTIONS; seed++) {
      Random random = new Random(seed);
      HpackDecoder decoder = new HpackDecoder(4096);
      ReferenceDecoder reference = new ReferenceDecoder();
      HpackEncoder encoder = new HpackEncoder();
      for (int i = 0; i < BLOCKS; i++) {
        byte[] block = mutated(random, block(random, encoder));
        List<String> fields;
        try {
          fields = Blocks.decode(decoder, block);
        } catch (HpackException _) {
          refused++;
          break; // as the connection would
        }
        understood++;
        List<String> expected = new ArrayList<>();
        for (ReferenceDecoder.Field field : reference.decode(block)) {
          expected.add(field.name() + ": " + field.value());
        }
        assertThat(fields).as("seed %d, block %d", seed, i).isEqualTo(expected);
        assertThat(decoder.tableSize()).as("seed %d", seed).isEqualTo(reference.tableSize());
      }
    }
    assertThat(understood).isGreaterThan(CONNECTIONS);
    assertThat(refused).isGreaterThan(CONNECTIONS / 4);
  }

  @Test
  void refusesOrUnderstandsNoise() {
    Random random = new Random(9);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      HpackDecoder decoder = new HpackDecoder(4096);
      try {
        List<String> fields = Blocks.decode(decoder, noise);
        assertThat(fields).as("block %d", i).hasSameSizeAs(new ReferenceDecoder().decode(noise));
      } catch (HpackException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  /** Fields of a few names, by our encoder or by hand with the Huffman code. */
  private static byte[] block(Random random, HpackEncoder encoder) {
    ByteBuf out = Unpooled.buffer();
    if (random.nextInt(6) == 0) {
      encoder.tableSize(random.nextInt(4097));
    }
    encoder.begin(out);
    for (int i = random.nextInt(8); i > 0; i--) {
      byte[] name = Blocks.bytes("name-" + random.nextInt(5));
      byte[] value = Blocks.bytes("value".repeat(random.nextInt(12)) + random.nextInt(4));
      if (random.nextInt(3) > 0) {
        encoder.field(out, name, 0, name.length, value, 0, value.length);
      } else {
        out.writeByte(0x10);
        string(out, HuffmanEncoder.encode(name));
        string(out, HuffmanEncoder.encode(value));
      }
    }
    return Blocks.take(out);
  }

  private static void string(ByteBuf out, byte[] code) {
    assertThat(code.length).isLessThan(127);
    out.writeByte(0x80 | code.length).writeBytes(code);
  }

  private static byte[] mutated(Random random, byte[] block) {
    if (block.length == 0 || random.nextInt(3) > 0) {
      return block;
    }
    byte[] changed = block.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(3)) {
        case 0 -> changed[at] = (byte) random.nextInt(256);
        case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
        default -> changed = Arrays.copyOf(changed, Math.max(1, at));
      }
    }
    return changed;
  }
}
