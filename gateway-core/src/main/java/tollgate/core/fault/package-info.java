/** Faults as values: stable codes, their status and outcome, and their renderings. */
package tollgate.core.fault;
