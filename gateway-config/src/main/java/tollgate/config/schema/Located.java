package tollgate.config.schema;

import tollgate.config.text.Location;

/** A text of a schema and where it stands. Immutable. */
public record Located(String text, Location location) {}
