package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import tollgate.config.text.Location;

/**
 * A value with the place that declares it. Immutable.
 *
 * @param contentHash equal when the declaration, with everything substituted into it and the
 *     content of the files it names, is equal; unchanged values are shared between generations by
 *     it
 */
public record Declared<T>(T value, Location location, String contentHash) {
  public Declared {
    requireNonNull(value, "value");
    requireNonNull(location, "location");
    requireNonNull(contentHash, "contentHash");
  }
}
