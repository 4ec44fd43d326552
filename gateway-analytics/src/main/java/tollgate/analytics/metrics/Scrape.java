package tollgate.analytics.metrics;

import io.netty.buffer.ByteBuf;

/**
 * One rendered scrape.
 *
 * @param body unpooled, the receiver's to release
 */
public record Scrape(String contentType, ByteBuf body) {}
