/**
 * Heads and fields: what came in, frozen, and the overlay of edits; path, hop-by-hop and forwarding
 * rules. Pure, RFC cited.
 */
package tollgate.core.http;
