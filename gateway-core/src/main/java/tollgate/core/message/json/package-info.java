/** JSON without loss: a tape over the bytes as they came, and what reads and edits it. */
package tollgate.core.message.json;
