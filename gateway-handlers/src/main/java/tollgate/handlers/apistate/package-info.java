/** What an API's place in its life does to its traffic. In the EDGE stage, only where it does. */
package tollgate.handlers.apistate;
