/// The customers that this process wrote last, so that their next events need not read them again.
///
/// It may be out of date without harm: a state is written on condition of the version that it was made from, and where
/// another writer was faster the batch conflicts, is folded again under locks, and everything here is forgotten. Only
/// the latest score has no version; where another process writes the same customers, the score that a change is told
/// against may be an older one.
final class RecentStates: Sendable {
    /// How many batches read everything after a conflict: somebody else is writing the same customers.
    static let pauseAfterConflict = 64

    private struct Kept {
        /// Takes what is written until it is half of what may be kept, and is then the elder.
        var young: [String: CustomerState] = [:]
        var old: [String: CustomerState] = [:]
        var pause = 0

        mutating func forget() { (self.young, self.old) = ([:], [:]) }
    }

    private let kept = Locked(Kept())
    private let half: Int

    /// - Parameter capacity: how many customers to keep; 0 for none.
    init(capacity: Int) { self.half = capacity / 2 }

    /// Those of the customers that are kept; to be called once for each batch.
    func states(of ids: Set<String>) -> [String: CustomerState] {
        guard self.half > 0 else { return [:] }
        return self.kept.withLock { kept in
            guard kept.pause == 0 else {
                kept.pause -= 1
                return [:]
            }
            guard !kept.young.isEmpty || !kept.old.isEmpty else { return [:] }
            var found: [String: CustomerState] = [:]
            found.reserveCapacity(ids.count)
            for id in ids { if let state = kept.young[id] ?? kept.old[id] { found[id] = state } }
            return found
        }
    }

    /// Keeps what was written.
    func keep(_ changes: [StateChange]) {
        guard self.half > 0 else { return }
        self.kept.withLock { kept in
            guard kept.pause == 0 else { return }
            for change in changes {
                if kept.young.count >= self.half {
                    kept.old = kept.young
                    kept.young = [:]
                }
                kept.young[change.state.id] = change.state
            }
        }
    }

    /// Forgets everything: what became of a write is not known, or another process has the partition.
    func forget() { self.kept.withLock { $0.forget() } }

    /// Forgets everything for some time: another writer changed one of these customers.
    func forgetAfterConflict() {
        self.kept.withLock { kept in
            kept.forget()
            kept.pause = Self.pauseAfterConflict
        }
    }
}
