/** gRPC-Web to gRPC and back. */
package tollgate.handlers.grpcweb;
