/** gRPC as the chain sees it: who speaks it, deadlines, statuses, messages. No transport. */
package tollgate.core.grpc;
