package tollgate.transport.client;

/**
 * One loop's connections to one target at one moment. Immutable.
 *
 * @param open being opened, active or idle
 */
record PoolCounts(int open, int idle, int pending, long opened, long failed) {}
