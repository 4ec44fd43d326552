/** JSON as this process prints it for people and scripts: reports and the control socket. */
@org.jspecify.annotations.NullMarked
package tollgate.dist.json;
