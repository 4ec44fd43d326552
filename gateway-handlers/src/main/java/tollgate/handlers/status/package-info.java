/** The step {@code status}: answers get another status. */
package tollgate.handlers.status;
