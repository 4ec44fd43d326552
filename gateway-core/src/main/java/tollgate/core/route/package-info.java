/** Host, context, path template and method to a {@link tollgate.core.route.Match}. */
package tollgate.core.route;
