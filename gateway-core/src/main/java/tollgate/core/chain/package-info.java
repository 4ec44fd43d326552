/** The compiled order of handlers and the state machine that takes one exchange through it. */
package tollgate.core.chain;
