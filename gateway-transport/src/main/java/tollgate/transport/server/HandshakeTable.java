package tollgate.transport.server;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A token bucket for each of many clients, in a table of one size, however many clients come. Any
 * thread; no locks.
 *
 * <p>A bucket is one long: the client's fingerprint and the time at which the bucket will be full
 * again, in ticks (GCRA). It lives in one of the eight places its hash allows. A full bucket is as
 * good as none, so its place is free; where all eight are in use, the one that will be full first
 * is forgotten, in favour of its client. Clients that begin fewer handshakes than they may need no
 * place for longer than it takes to refill what they took: hopping over addresses fills the table
 * only as fast as there are handshakes.
 *
 * <p>Two connections of a client that has no bucket yet, at the same moment on two loops, may get a
 * bucket each: one handshake too many is let through.
 */
final class HandshakeTable {
  /** 512 KiB. */
  private static final int PLACES = 1 << 16;

  private static final int WAYS = 8;
  private static final int MOST_TRIES = 16;

  /** A sixteenth of a millisecond; 32 bits of them go round in three days. */
  private static final long NANOS_PER_TICK = 62_500;

  private final AtomicLongArray places = new AtomicLongArray(PLACES);

  /** So that nobody can choose addresses that share a victim's places. */
  private final long seed = ThreadLocalRandom.current().nextLong();

  private final int ticksPerHandshake;
  private final int ticksToFull;

  private HandshakeTable(int ticksPerHandshake, int ticksToFull) {
    this.ticksPerHandshake = ticksPerHandshake;
    this.ticksToFull = ticksToFull;
  }

  /**
   * Rates of more than 16,000 a second are as good as none and let all through; a bucket that would
   * take longer than a day to fill fills in a day.
   */
  static HandshakeTable create(ConnectionLimits.HandshakeRate rate) {
    long longest = 86_400_000_000_000L / NANOS_PER_TICK;
    long one = rate.per().toNanos() / rate.count() / NANOS_PER_TICK;
    long all = Math.min(longest, Math.multiplyExact(one, (long) rate.burst()));
    return new HandshakeTable(Math.toIntExact(all / rate.burst()), Math.toIntExact(all));
  }

  /** Takes a token from a client's bucket; false if there is none. */
  boolean take(long client, long nowNanos) {
    long hash = mix(client ^ seed);
    int fingerprint = (int) hash | 1; // never that of a place never used
    int first = (int) (hash >>> 32) & (PLACES - 1) & -WAYS;
    int now = (int) (nowNanos / NANOS_PER_TICK);
    for (int i = 0; i < MOST_TRIES; i++) {
      int place = placeOf(first, fingerprint, now);
      long seen = places.get(place);
      int wait = (int) (seen >>> 32) == fingerprint ? ticksLeft(seen, now) : 0;
      if (wait + ticksPerHandshake > ticksToFull) {
        return false;
      }
      if (places.compareAndSet(place, seen, bucket(fingerprint, now + wait + ticksPerHandshake))) {
        return true;
      }
    }
    return true; // many loops at once for one place: some got their token, so the next will see it
  }

  /** The client's own place, else a free one, else the one that will be free first. */
  private int placeOf(int first, int fingerprint, int now) {
    int best = first;
    int shortest = Integer.MAX_VALUE;
    for (int place = first; place < first + WAYS; place++) {
      long seen = places.get(place);
      if ((int) (seen >>> 32) == fingerprint) {
        return place;
      }
      int wait = ticksLeft(seen, now);
      if (wait < shortest) {
        shortest = wait;
        best = place;
      }
    }
    return best;
  }

  /** Ticks until the bucket is full; what is further away was written days ago. */
  private int ticksLeft(long bucket, int now) {
    int wait = (int) bucket - now;
    return wait < 0 || wait > ticksToFull ? 0 : wait;
  }

  private static long bucket(int fingerprint, int fullAt) {
    return ((long) fingerprint << 32) | (fullAt & 0xffff_ffffL);
  }

  /** The finalizer of SplitMix64: every bit of the client is in every bit of the hash. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
