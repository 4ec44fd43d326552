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

  /** Longer than any process lives, and no sum with it overflows. */
  private static final long MAX_DELAY_NANOS = Long.MAX_VALUE >> 2;

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
    return linked == 0 && due.isEmpty();
  }

  /**
   * @param delayNanos 0 or more; from {@code nowNanos}
   */
  public void set(Alarm alarm, long nowNanos, long delayNanos) {
    long deadline = nowNanos + Math.clamp(delayNanos, 0, MAX_DELAY_NANOS);
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

  /**
   * Clears an alarm whose owner ends, and unlinks it at once: the wheel would keep the owner until
   * the slot comes up, and thousands of them where connections come and go quickly.
   */
  public void remove(Alarm alarm) {
    alarm.armed = false;
    if (alarm.slot != UNLINKED) {
      unlink(alarm);
    }
  }

  /**
   * Sets off what is due. An exception of {@link Alarm#onAlarm} comes out; the other alarms that
   * are due go off at the next call.
   */
  public void advance(long nowNanos) {
    long nowTick = (nowNanos - originNanos) / tickNanos;
    // More than a full turn behind: one turn visits every slot.
    long from = Math.max(doneTicks + 1, nowTick - SLOTS + 1);
    doneTicks = Math.max(doneTicks, nowTick);
    for (long tick = from; tick <= nowTick; tick++) {
      collect((int) (tick & (SLOTS - 1)), nowNanos);
    }
    if (!due.isEmpty()) {
      setOff();
    }
  }

  /** Unlinks the alarms of a slot: those that are due wait in {@code due}. */
  private void collect(int slot, long nowNanos) {
    Alarm alarm = heads[slot];
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
  }

  /**
   * A pass of its own, because {@link Alarm#onAlarm} may set and clear any alarm, those that are
   * due too: one that was cleared is not armed, one that was set again is linked.
   */
  private void setOff() {
    int next = 0;
    try {
      while (next < due.size()) {
        Alarm alarm = due.get(next++);
        if (alarm.armed && alarm.slot == UNLINKED) {
          alarm.armed = false;
          alarm.onAlarm();
        }
      }
    } finally {
      due.subList(0, next).clear();
    }
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
