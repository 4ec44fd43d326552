/** The step {@code structuralLimits}: JSON and XML checked as they pass. In the CONTENT stage. */
package tollgate.handlers.structurallimits;
