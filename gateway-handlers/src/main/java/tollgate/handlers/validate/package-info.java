/**
 * Requests and responses compared with their schema. In the CONTENT stage of operations with
 * validate.
 */
package tollgate.handlers.validate;
