/** Tests of the sample. */
@org.jspecify.annotations.NullMarked
package com.example.tollgate;
