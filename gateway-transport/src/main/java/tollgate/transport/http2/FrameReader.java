package tollgate.transport.http2;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.transport.wire.Input;

/**
 * Cuts what comes in into frames (RFC 9113 sections 4 and 6): DATA is told piece by piece as it
 * comes, header blocks when they are whole, everything else frame by frame. Event loop only.
 *
 * <p>A connection error leaves this where it is; nothing is to be read any more. The input must not
 * be closed from within an event.
 */
final class FrameReader {
  /** CONTINUATION frames of one block; B5 of the bad-input table. */
  private static final int MAX_CONTINUATIONS = 16;

  private static final int FIRST_BLOCK_BYTES = 512;

  /** What is not kept until the next block. */
  private static final int MUCH_BLOCK_BYTES = 4 * 1024;

  private final FrameEvents events;
  private final int maxBlockBytes;

  /** The frame whose payload is being read; -1 between two frames. */
  private int type = -1;

  private int flags;
  private int streamId;
  private int length;

  /** Of a DATA frame: what is to come of its data, and of the padding behind it. */
  private int dataLeft = -1;

  private int paddingLeft;

  /** The stream whose header block is not complete; 0 for none. */
  private int blockStreamId;

  private boolean isBlockEndOfStream;
  private int continuations;
  private byte @Nullable [] block;
  private int blockLength;

  /**
   * @param maxBlockBytes of a compressed header block; more is ENHANCE_YOUR_CALM
   */
  FrameReader(FrameEvents events, int maxBlockBytes) {
    this.events = events;
    this.maxBlockBytes = maxBlockBytes;
  }

  /** Whether a frame, or a header block, has begun and not ended. */
  boolean isInside() {
    return type >= 0 || blockStreamId != 0;
  }

  /** As {@link #isInside}, but for the payload of DATA. */
  boolean isInsideHead() {
    return blockStreamId != 0 || (type >= 0 && type != Frame.DATA);
  }

  /**
   * Reads one frame, or what there is of a DATA frame.
   *
   * @return false if more bytes are needed first
   */
  boolean read(Input in) throws Http2Error {
    if (type < 0) {
      if (in.readableBytes() < Frame.HEADER_BYTES) {
        return false;
      }
      header(in);
    }
    if (type == Frame.DATA) {
      return data(in);
    }
    if (in.readableBytes() < length) {
      return false;
    }
    int read = type;
    type = -1;
    if (length == 0) {
      empty(read);
      return true;
    }
    ByteBuf bytes = in.bytes();
    int end = bytes.readerIndex() + length;
    try {
      payload(read, bytes);
    } finally {
      bytes.readerIndex(end); // a stream error does not stop the connection
      in.trim();
    }
    return true;
  }

  private void header(Input in) throws Http2Error {
    ByteBuf bytes = in.bytes();
    length = bytes.readUnsignedMedium();
    int read = bytes.readUnsignedByte();
    flags = bytes.readUnsignedByte();
    streamId = bytes.readInt() & 0x7fff_ffff; // RFC 9113 4.1: the reserved bit is ignored
    in.trim();
    if (length > Frame.MAX_PAYLOAD) {
      throw Http2Error.ofConnection(ErrorCode.FRAME_SIZE_ERROR, "frame of " + length + " bytes");
    }
    if (blockStreamId != 0 && (read != Frame.CONTINUATION || streamId != blockStreamId)) {
      // RFC 9113 6.10
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "frame inside a header block");
    }
    check(read);
    type = read;
  }

  /** What can be said before the payload comes. */
  private void check(int read) throws Http2Error {
    switch (read) {
      case Frame.DATA -> onStream();
      case Frame.HEADERS -> {
        onStream();
        if (length < ((flags & Frame.WITH_PRIORITY) != 0 ? 5 : 0) + (isPadded() ? 1 : 0)) {
          throw size("HEADERS");
        }
      }
      case Frame.PRIORITY -> {
        onStream();
        // RFC 9113 6.3: a stream error, and nothing but the length is looked at.
        if (length != 5) {
          type = Frame.PRIORITY;
          throw Http2Error.ofStream(streamId, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY");
        }
      }
      case Frame.RST_STREAM -> {
        onStream();
        exactly(4, "RST_STREAM");
      }
      case Frame.SETTINGS -> {
        onConnection();
        if (length % 6 != 0 || ((flags & Frame.ACK) != 0 && length != 0)) {
          throw size("SETTINGS");
        }
      }
      case Frame.PUSH_PROMISE ->
          // RFC 9113 8.4: a client cannot push, and we ask no server to.
          throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE");
      case Frame.PING -> {
        onConnection();
        exactly(8, "PING");
      }
      case Frame.GOAWAY -> {
        onConnection();
        if (length < 8) {
          throw size("GOAWAY");
        }
      }
      case Frame.WINDOW_UPDATE -> exactly(4, "WINDOW_UPDATE");
      case Frame.CONTINUATION -> {
        if (blockStreamId == 0) {
          throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "CONTINUATION without HEADERS");
        }
        if (++continuations > MAX_CONTINUATIONS) {
          throw calm("many CONTINUATION frames");
        }
      }
      default -> {}
    }
  }

  private void onStream() throws Http2Error {
    if (streamId == 0) {
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a stream's frame on stream 0");
    }
  }

  private void onConnection() throws Http2Error {
    if (streamId != 0) {
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a connection's frame on a stream");
    }
  }

  private void exactly(int bytes, String what) throws Http2Error {
    if (length != bytes) {
      throw size(what);
    }
  }

  private static Http2Error size(String what) {
    return Http2Error.ofConnection(ErrorCode.FRAME_SIZE_ERROR, what + " of a wrong length");
  }

  private static Http2Error calm(String what) {
    return Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, what);
  }

  private boolean isPadded() {
    return (flags & Frame.PADDED) != 0;
  }

  private boolean isEndOfStream() {
    return (flags & Frame.END_STREAM) != 0;
  }

  // ---- DATA

  private boolean data(Input in) throws Http2Error {
    if (dataLeft < 0 && !beginData(in)) {
      return false;
    }
    while (dataLeft > 0) {
      if (in.isEmpty()) {
        return false;
      }
      ByteBuf piece = in.take(dataLeft);
      dataLeft -= piece.readableBytes();
      events.onData(streamId, piece);
    }
    while (paddingLeft > 0) {
      if (in.isEmpty()) {
        return false;
      }
      int skipped = Math.min(paddingLeft, in.readableBytes());
      in.bytes().skipBytes(skipped);
      in.trim();
      paddingLeft -= skipped;
    }
    dataLeft = -1;
    type = -1;
    events.onDataFrameEnd(streamId, isEndOfStream());
    return true;
  }

  private boolean beginData(Input in) throws Http2Error {
    int padding = 0;
    int overhead = 0;
    if (isPadded()) {
      if (length == 0) {
        throw size("DATA");
      }
      if (in.isEmpty()) {
        return false;
      }
      padding = in.readByte() & 0xff;
      overhead = 1;
      if (padding >= length) {
        // RFC 9113 6.1
        throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "padding longer than its frame");
      }
    }
    dataLeft = length - overhead - padding;
    paddingLeft = padding;
    if (dataLeft == 0 && !isEndOfStream()) {
      events.onIdleFrame();
    }
    events.onDataFrame(streamId, length, overhead + padding);
    return true;
  }

  // ---- all others

  private void empty(int read) throws Http2Error {
    switch (read) {
      case Frame.HEADERS -> beginBlock();
      case Frame.CONTINUATION -> events.onIdleFrame();
      case Frame.SETTINGS -> {
        if ((flags & Frame.ACK) != 0) {
          events.onSettingsAck();
        } else {
          events.onSettingsEnd();
        }
      }
      default -> events.onIdleFrame();
    }
    if (read == Frame.HEADERS || read == Frame.CONTINUATION) {
      endBlockIfLast();
    }
  }

  /** The payload is there in whole; who reads less of it than all need not say so. */
  private void payload(int read, ByteBuf in) throws Http2Error {
    switch (read) {
      case Frame.HEADERS -> headers(in);
      case Frame.CONTINUATION -> {
        collect(in, length);
        endBlockIfLast();
      }
      case Frame.PRIORITY -> {
        if (length == 5) {
          notOnItself(in.readInt());
          events.onPriority(streamId);
        }
      }
      case Frame.RST_STREAM -> events.onReset(streamId, in.readUnsignedInt());
      case Frame.SETTINGS -> {
        for (int left = length; left > 0; left -= 6) {
          int id = in.readUnsignedShort();
          events.onSetting(id, in.readUnsignedInt());
        }
        events.onSettingsEnd();
      }
      case Frame.PING -> events.onPing(in.readLong(), (flags & Frame.ACK) != 0);
      case Frame.GOAWAY -> {
        int last = in.readInt() & 0x7fff_ffff;
        events.onGoAway(last, in.readUnsignedInt());
      }
      case Frame.WINDOW_UPDATE -> {
        int increment = in.readInt() & 0x7fff_ffff;
        if (increment == 0) {
          // RFC 9113 6.9
          throw streamId == 0
              ? Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0")
              : Http2Error.ofStream(streamId, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0");
        }
        events.onWindowUpdate(streamId, increment);
      }
      default -> events.onIdleFrame();
    }
  }

  private void headers(ByteBuf in) throws Http2Error {
    int left = length;
    int padding = 0;
    if (isPadded()) {
      padding = in.readUnsignedByte();
      left--;
    }
    if ((flags & Frame.WITH_PRIORITY) != 0) {
      notOnItself(in.readInt());
      in.skipBytes(1);
      left -= 5;
    }
    if (padding > left) {
      // RFC 9113 6.2
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "padding longer than its frame");
    }
    beginBlock();
    collect(in, left - padding);
    endBlockIfLast();
  }

  /** RFC 7540 5.3.1; of priority this is all that is left. */
  private void notOnItself(int dependency) throws Http2Error {
    if ((dependency & 0x7fff_ffff) == streamId) {
      // Inside HEADERS the block must be decoded all the same, which a stream error would skip.
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
  }

  private void beginBlock() {
    blockStreamId = streamId;
    isBlockEndOfStream = isEndOfStream();
    continuations = 0;
    blockLength = 0;
  }

  private void collect(ByteBuf in, int bytes) throws Http2Error {
    if (blockLength + bytes > maxBlockBytes) {
      throw calm("a header block of more than " + maxBlockBytes + " bytes");
    }
    byte[] target = block;
    if (target == null) {
      target = new byte[Math.max(FIRST_BLOCK_BYTES, bytes)];
    } else if (target.length < blockLength + bytes) {
      target = Arrays.copyOf(target, Math.max(2 * target.length, blockLength + bytes));
    }
    block = target;
    in.readBytes(target, blockLength, bytes);
    blockLength += bytes;
  }

  private void endBlockIfLast() throws Http2Error {
    if ((flags & Frame.END_HEADERS) == 0) {
      return;
    }
    int ended = blockStreamId;
    byte[] whole = block;
    blockStreamId = 0;
    events.onHeaders(ended, whole == null ? new byte[0] : whole, blockLength, isBlockEndOfStream);
    if (whole != null && whole.length > MUCH_BLOCK_BYTES) {
      block = null;
    }
  }
}
