package tollgate.core.exchange;

import tollgate.core.http.RequestHead;
import tollgate.core.upstream.Target;

/**
 * One try at a backend. UPSTREAM handlers edit its head, which no other attempt shares. Event loop
 * only.
 *
 * @param number 1 for the first
 * @param head a copy of the exchange's request head
 */
public record Attempt(int number, String upstream, Target target, RequestHead head) {}
