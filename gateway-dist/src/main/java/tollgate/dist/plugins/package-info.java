/** Plug-ins: found, loaded by class loaders of their own, and joined to what is built in. */
@org.jspecify.annotations.NullMarked
package tollgate.dist.plugins;
