/**
 * Text to tree: the bytes of one configuration file become {@link tollgate.config.text.ConfigNode}
 * trees in which every node knows its file, line and column. Nothing here knows what a key means.
 */
@org.jspecify.annotations.NullMarked
package tollgate.config.text;
