/** Runs handlers through the real chain without a socket: for our tests and for plug-in authors. */
package tollgate.core.testkit;
