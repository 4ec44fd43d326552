/** Cross-origin requests of web pages (Fetch standard). In the EDGE stage of APIs with cors. */
package tollgate.handlers.cors;
