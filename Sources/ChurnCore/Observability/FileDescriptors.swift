#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The number of files, sockets and pipes that this process may have open at once.
///
/// The limit is a hard wall: libdispatch ends the process where it cannot open a file of its own, so a server has to
/// stay away from it.
package enum FileDescriptors {
    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif

    /// The limit that holds now.
    public static var limit: Int {
        var limits = rlimit()
        guard getrlimit(self.resource, &limits) == 0 else { return 256 }
        return Int(clamping: limits.rlim_cur)
    }

    /// Raises the limit to the highest that the system allows this process.
    ///
    /// The usual limit of 1,024 is there for programs that use `select`, which none of our parts does.
    public static func raiseLimit() {
        var limits = rlimit()
        guard getrlimit(self.resource, &limits) == 0, limits.rlim_cur < limits.rlim_max else { return }
        limits.rlim_cur = limits.rlim_max
        _ = setrlimit(self.resource, &limits)
    }

    /// Whether nothing more can be opened at this moment.
    public static var areExhausted: Bool {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor < 0 else {
            close(descriptor)
            return false
        }
        return errno == EMFILE || errno == ENFILE
    }

    /// The advice for a process that cannot open anything more.
    package static var advice: String {
        "the process has no file descriptor left of the \(self.limit) that it may have; raise the limit (LimitNOFILE, "
            + "ulimit -n), or find out who opens that many"
    }
}

extension ChurnError {
    /// The error that takes the place of one that a lack of descriptors may have caused; nil where there are some.
    package static func outOfDescriptors(
        during operation: StaticString, underlying: (any Error)? = nil
    ) -> ChurnError? {
        guard FileDescriptors.areExhausted else { return nil }
        return ChurnError(
            .outOfDescriptors, .retry, during: operation, advice: FileDescriptors.advice, underlying: underlying)
    }
}
