/** Time as the event loops see it: a ticker, and alarms on a coarse wheel driven by it. */
package tollgate.core.time;
