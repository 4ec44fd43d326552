/** What a plug-in offers to the gateway that loads it. */
@org.jspecify.annotations.NullMarked
package tollgate.core.plugin;
