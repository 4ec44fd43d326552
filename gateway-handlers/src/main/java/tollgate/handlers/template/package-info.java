/** The step {@code template}: bodies made of a text with expressions. */
package tollgate.handlers.template;
