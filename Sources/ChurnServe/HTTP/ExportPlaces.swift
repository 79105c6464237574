import ChurnCore

/// Bounds how many exports are written at the same time.
///
/// An export reads and encodes for as long as its client takes it, so that many at once would keep the processors from
/// everyone else.
final class ExportPlaces: Sendable {
    /// One export's place; it is free again when no one holds this any more.
    final class Place: Sendable {
        private let places: ExportPlaces

        fileprivate init(_ places: ExportPlaces) { self.places = places }

        deinit { self.places.taken.withLock { $0 -= 1 } }
    }

    private let limit: Int
    private let taken = Locked(0)

    init(_ limit: Int) { self.limit = limit }

    /// Takes a place.
    ///
    /// - Throws: ``Problem/tooManyExports`` where none is free.
    func take() throws -> Place {
        let isFree = self.taken.withLock { taken in
            guard taken < self.limit else { return false }
            taken += 1
            return true
        }
        guard isFree else { throw Problem.tooManyExports }
        return Place(self)
    }
}
