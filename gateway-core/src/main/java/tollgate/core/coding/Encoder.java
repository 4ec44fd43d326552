package tollgate.core.coding;

import io.netty.buffer.ByteBuf;

/**
 * One compressed stream in the making. Holds native memory until {@link #close}. One thread at a
 * time. What {@code out} is given must be a direct buffer of one piece that can grow.
 */
public interface Encoder extends AutoCloseable {
  /** Takes all of {@code in}; appends to {@code out} what can be told already, often nothing. */
  void encode(ByteBuf in, ByteBuf out);

  /** Appends all that was taken so far, so that a reader can decode up to here. */
  void flush(ByteBuf out);

  /** Appends the rest; nothing may follow but {@link #close}. */
  void finish(ByteBuf out);

  /** Frees the native memory; twice does no harm. */
  @Override
  void close();
}
