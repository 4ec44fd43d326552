/** The step {@code compress}: gzip, br or zstd for responses. In the CONTENT stage. */
package tollgate.handlers.compress;
