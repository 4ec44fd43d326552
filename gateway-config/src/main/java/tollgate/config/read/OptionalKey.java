package tollgate.config.read;

/**
 * A key of a shape that may be absent. Immutable.
 *
 * @param index position among the keys of its shape
 */
public record OptionalKey<T>(int index, String name, ValueType<T> type) {}
