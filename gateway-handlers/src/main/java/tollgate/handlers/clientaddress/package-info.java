/**
 * Who called, where a proxy stands before the gateway. In the LISTENER stage of listeners that
 * trust proxies.
 */
package tollgate.handlers.clientaddress;
