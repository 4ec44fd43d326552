package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import tollgate.config.text.Location;

/** A value that cannot be made, for a reason that stands at a certain place of a file. */
public final class LocatedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient Location location;

  /**
   * @param message as in problems, without the place
   */
  public LocatedException(Location location, String message) {
    super(message);
    this.location = requireNonNull(location, "location");
  }

  public Location location() {
    return location;
  }
}
