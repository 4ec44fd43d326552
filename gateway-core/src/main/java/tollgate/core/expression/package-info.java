/** What steps may ask a message for, as <code>${header:X-Tenant}</code>, compiled at load. */
package tollgate.core.expression;
