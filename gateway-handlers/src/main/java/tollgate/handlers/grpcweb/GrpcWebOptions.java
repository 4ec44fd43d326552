package tollgate.handlers.grpcweb;

/** Nothing to choose. Immutable. */
record GrpcWebOptions() {}
