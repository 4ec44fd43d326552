package tollgate.config.read;

/**
 * A key of a shape that always has a value: it is required or has a default. Immutable.
 *
 * @param index position among the keys of its shape
 */
public record Key<T>(int index, String name, ValueType<T> type) {}
