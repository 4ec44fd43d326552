/**
 * Messages in another format than they came in: {@code messages.convert} of APIs and operations.
 */
package tollgate.handlers.convert;
