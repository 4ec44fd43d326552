package tollgate.core.time;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The alarms of one event loop on a hashed wheel. Event loop only; it has no thread: the loop calls
 * {@link #advance} about once a tick while {@link #isEmpty()} is false.
 *
 * <p>An alarm that is set again to a later time stays where it is linked and is moved on when its
 * old slot comes up, so that pushing an idle timeout ahead at every request is two field writes.
 * One set to an earlier time is moved at once. Clearing only disarms; the link goes when the slot
 * comes up.
 */
public final class AlarmWheel {
  static final int UNLINKED = -1;
  private static final int SLOTS = 1024;

  private final @Nullable Alarm[] heads = new @Nullable Alarm[SLOTS];
  private final long tickNanos;
  private final long originNanos;
  private long doneTicks;
  private int linked;
  private final ArrayList<Alarm> due = new ArrayList<>();

  public AlarmWheel(long tickNanos, long nowNanos) {
    this.tickNanos = tickNanos;
    this.originNanos = nowNanos;
  }

  public long tickNanos() {
    return tickNanos;
  }

  /** Whether no alarm is linked, so that nobody needs to call {@link #advance}. */
  public boolean isEmpty() {
    return linked == 0;
  }

  /**
   * @param delayNanos 0 or more; from {@code nowNanos}
   */
  public void set(Alarm alarm, long nowNanos, long delayNanos) {
    long deadline = nowNanos + Math.max(0, delayNanos);
    boolean earlier = deadline - alarm.deadlineNanos < 0;
    alarm.deadlineNanos = deadline;
    alarm.armed = true;
    if (alarm.slot == UNLINKED) {
      if (linked == 0) {
        doneTicks = Math.max(doneTicks, (nowNanos - originNanos) / tickNanos);
      }
      link(alarm);
    } else if (earlier) {
      unlink(alarm);
      link(alarm);
    }
  }

  public void clear(Alarm alarm) {
    alarm.armed = false;
  }

  /** Sets off what is due. */
  public void advance(long nowNanos) {
    long nowTick = (nowNanos - originNanos) / tickNanos;
    // More than a full turn behind: one turn visits every slot.
    long from = Math.max(doneTicks + 1, nowTick - SLOTS + 1);
    doneTicks = Math.max(doneTicks, nowTick);
    for (long tick = from; tick <= nowTick; tick++) {
      expire((int) (tick & (SLOTS - 1)), nowNanos);
    }
  }

  /**
   * Two passes, because {@link Alarm#onAlarm} may set and clear any alarm, those of this slot too.
   */
  private void expire(int slot, long nowNanos) {
    Alarm alarm = heads[slot];
    if (alarm == null) {
      return;
    }
    heads[slot] = null;
    while (alarm != null) {
      Alarm following = alarm.next;
      alarm.next = null;
      alarm.previous = null;
      alarm.slot = UNLINKED;
      linked--;
      if (alarm.armed) {
        if (alarm.deadlineNanos - nowNanos <= 0) {
          due.add(alarm);
        } else {
          link(alarm);
        }
      }
      alarm = following;
    }
    for (int i = 0; i < due.size(); i++) {
      Alarm next = due.get(i);
      if (next.armed && next.slot == UNLINKED) {
        next.armed = false;
        next.onAlarm();
      }
    }
    due.clear();
  }

  private void link(Alarm alarm) {
    long tick = (alarm.deadlineNanos - originNanos + tickNanos - 1) / tickNanos;
    tick = Math.clamp(tick, doneTicks + 1, doneTicks + SLOTS - 1);
    int slot = (int) (tick & (SLOTS - 1));
    Alarm head = heads[slot];
    alarm.slot = slot;
    alarm.next = head;
    if (head != null) {
      head.previous = alarm;
    }
    heads[slot] = alarm;
    linked++;
  }

  private void unlink(Alarm alarm) {
    Alarm previous = alarm.previous;
    Alarm following = alarm.next;
    if (previous == null) {
      heads[alarm.slot] = following;
    } else {
      previous.next = following;
    }
    if (following != null) {
      following.previous = previous;
    }
    alarm.next = null;
    alarm.previous = null;
    alarm.slot = UNLINKED;
    linked--;
  }
}
