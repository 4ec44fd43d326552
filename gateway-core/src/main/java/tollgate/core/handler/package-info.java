/**
 * What a handler author reads: {@link tollgate.core.handler.Handler} and the values it answers
 * with.
 */
package tollgate.core.handler;
