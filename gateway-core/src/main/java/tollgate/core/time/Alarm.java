package tollgate.core.time;

import org.jspecify.annotations.Nullable;

/**
 * Something to be done when a time has come unless it is cleared before. An alarm is embedded in
 * the object it belongs to and set again and again without allocating. It goes off up to one tick
 * of the wheel late, never early. Event loop only.
 */
public abstract class Alarm {
  @Nullable Alarm next;
  @Nullable Alarm previous;
  int slot = AlarmWheel.UNLINKED;
  long deadlineNanos;
  boolean armed;

  protected Alarm() {}

  /** Called on the loop, once per setting. */
  protected abstract void onAlarm();

  public final boolean isSet() {
    return armed;
  }
}
