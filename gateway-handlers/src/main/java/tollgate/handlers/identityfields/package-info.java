/**
 * What only a proxy may say of a client's identity, and nobody else. In the LISTENER stage of all
 * listeners.
 */
package tollgate.handlers.identityfields;
