import ChurnCore

/// Bounds how many connections, or exchanges of a proxy's connections, each address has at the same time.
final class AddressPlaces: Sendable {
    /// One place of an address; it is free again when this is gone.
    final class Place: Sendable {
        private let places: AddressPlaces
        private let address: String

        fileprivate init(_ places: AddressPlaces, of address: String) {
            (self.places, self.address) = (places, address)
        }

        deinit { self.places.free(self.address) }
    }

    private let limit: Int
    /// The limit of this machine's own addresses.
    private let loopbackLimit: Int
    private let taken = Locked<[String: Int]>([:])

    init(limit: Int, loopbackLimit: Int? = nil) {
        self.limit = limit
        self.loopbackLimit = loopbackLimit ?? limit
    }

    /// Takes a place; nil where the address has all that it may have.
    func take(_ address: String) -> Place? {
        let limit = LoopbackAddress.contains(address) ? self.loopbackLimit : self.limit
        let isFree = self.taken.withLock { taken in
            guard taken[address, default: 0] < limit else { return false }
            taken[address, default: 0] += 1
            return true
        }
        return isFree ? Place(self, of: address) : nil
    }

    private func free(_ address: String) {
        self.taken.withLock { taken in
            let left = taken[address, default: 0] - 1
            taken[address] = left > 0 ? left : nil
        }
    }
}
