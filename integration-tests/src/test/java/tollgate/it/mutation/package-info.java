/**
 * Seeded mutation of requests and responses through the packaged gateway: a short form in every
 * build, and a long one in the profile {@code long}. docs/testing.md has the commands.
 */
@NullMarked
package tollgate.it.mutation;

import org.jspecify.annotations.NullMarked;
