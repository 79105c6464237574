import ChurnServe

extension ServerLimits {
    /// Limits under which the server ends no connection that is silent, however long a busy machine takes: for tests
    /// in which such a connection holds a place.
    static var patient: ServerLimits {
        var limits = ServerLimits()
        limits.headerTimeout = .seconds(600)
        limits.keepAliveTimeout = .seconds(600)
        limits.pingInterval = .seconds(600)
        limits.socketIdleTimeout = .seconds(600)
        limits.signInTimeout = .seconds(600)
        return limits
    }
}
