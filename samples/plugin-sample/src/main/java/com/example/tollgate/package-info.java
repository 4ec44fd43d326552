/** A plug-in to begin with: the step {@code sign} and the format {@code csv}. */
@org.jspecify.annotations.NullMarked
package com.example.tollgate;
