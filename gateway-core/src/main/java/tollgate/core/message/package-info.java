/**
 * The payload model: bodies built by media type, seen as JSON or as XML, converted and written
 * again.
 */
package tollgate.core.message;
