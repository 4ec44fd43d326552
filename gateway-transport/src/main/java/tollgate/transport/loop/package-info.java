/**
 * Event loops, the choice of the native transport under them, and where work goes that must not run
 * on them.
 */
package tollgate.transport.loop;
