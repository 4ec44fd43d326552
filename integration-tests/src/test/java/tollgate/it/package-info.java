/**
 * Black-box tests over real sockets against the packaged gateway. Classes end in {@code IT}: they
 * need the package, so they run after it is made.
 */
@NullMarked
package tollgate.it;

import org.jspecify.annotations.NullMarked;
