import ChurnCore

/// How the connections that a server may hold are shared out.
struct ConnectionShares: Equatable {
    /// The most connections of any kind.
    var maximum: Int
    /// The number of them that only requests for health and metrics get.
    var reserve: Int
    /// The most of one address.
    var perAddress: Int
    /// The most of one of this machine's own addresses.
    var perLoopbackAddress: Int

    /// The most that are not in the reserve.
    var clients: Int { self.maximum - self.reserve }
    /// The most of the reserve that one address gets, so that it cannot take all of that either.
    var reservedPerAddress: Int { max(1, self.reserve / 4) }
}

extension ServerLimits {
    /// The most connections of one address where no number is given.
    private static let usualPerAddress = 1_000
    /// The most connections that are kept for health and metrics.
    private static let largestReserve = 32

    /// Returns the shares of a server whose process may open that many files.
    ///
    /// - Parameter servesProbes: whether it serves health and metrics beside other things.
    /// - Throws: ``/ChurnCore/ChurnError`` where it could serve hardly anyone.
    func shares(within descriptors: Int, servesProbes: Bool) throws -> ConnectionShares {
        let maximum = try self.connections(within: descriptors)
        let reserve = servesProbes ? min(Self.largestReserve, maximum / 8) : 0
        let usual = min(Self.usualPerAddress, max(1, maximum / 2))
        return ConnectionShares(
            maximum: maximum, reserve: reserve, perAddress: self.maximumConnectionsPerAddress ?? usual,
            perLoopbackAddress: self.maximumConnectionsPerAddress ?? maximum)
    }

    /// Returns the number of connections that a server may hold where the process may open that many files.
    ///
    /// - Throws: ``/ChurnCore/ChurnError`` where it could serve hardly anyone.
    func connections(within descriptors: Int) throws -> Int {
        let connections = min(self.maximumConnections, descriptors - self.reservedDescriptors)
        guard connections >= min(self.maximumConnections, 16) else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "listen",
                advice: """
                    the process may open \(descriptors) files and needs \(self.reservedDescriptors) for other things \
                    than connections; raise the limit (LimitNOFILE, ulimit -n) to 1024 or more
                    """)
        }
        return connections
    }
}
