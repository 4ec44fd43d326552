/** The step {@code edit}: changes single values of bodies, and moves some to fields and back. */
package tollgate.handlers.edit;
