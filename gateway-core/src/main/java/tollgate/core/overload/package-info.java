/** When there is too much to do, and how much may still be begun: decisions only. */
package tollgate.core.overload;
