import ChurnCore
import ChurnStore

/// The stores of `churnd run`: one database by several pools, which together have as many connections as
/// `postgres.poolSize` says.
///
/// The pipeline's writes, the service's own reading, requests and the look at the database do not wait for each other as
/// long as there is a connection for each of them; with fewer, they share.
struct RunStores {
    /// The sizes of the pools; nil where a purpose shares the pool of the one before it.
    struct Sizes: Equatable {
        var writing: Int?
        var reading: Int?
        var serving: Int?
        var watching: Int?

        /// With fewer connections, the pipeline and the process's own reading share a pool.
        private static let leastForThree = 9

        /// Divides a number of connections between the purposes that a role has.
        init(of total: Int, for role: ProcessRole) {
            var purposes: [WritableKeyPath<Sizes, Int?>] =
                (role.processes ? [\.writing] : []) + [\.reading] + (role.serves ? [\.serving] : [])
            // Few go further where the process reads beside the pipeline, for which one of them is kept.
            if role.processes, total < Self.leastForThree { purposes.remove(at: 1) }
            // One connection is enough for looks; it comes last, for the others share worse.
            let isWatched = total > purposes.count
            if isWatched { self.watching = 1 }
            let left = max(1, total - (isWatched ? 1 : 0))
            let pools = purposes.prefix(left)
            for (index, purpose) in pools.enumerated() {
                self[keyPath: purpose] = left / pools.count + (index < left % pools.count ? 1 : 0)
            }
        }
    }

    /// What the pipeline reads and writes.
    let writing: PostgresStore
    /// What the process reads by itself.
    let reading: PostgresStore
    /// What requests ask for.
    let serving: PostgresStore
    /// Looks at the database.
    let watching: PostgresStore
    /// Each store once.
    let all: [PostgresStore]

    init(_ deployment: Deployment, role: ProcessRole) throws {
        let sizes = Sizes(of: deployment.configuration[\.postgresPoolSize], for: role)
        var all: [PostgresStore] = []
        func store(_ size: Int?, _ change: (inout PostgresConfiguration) -> Void) throws -> PostgresStore {
            if let size {
                var postgres = try deployment.postgres()
                postgres.poolSize = size
                postgres.reservesWriter = false
                change(&postgres)
                all.append(try deployment.watchedStore(postgres))
            }
            // The first purpose of every role has a pool of its own.
            guard let last = all.last else { return try deployment.store() }
            return last
        }
        let writing = try sizes.writing.map { size in
            try store(size) {
                $0.reservesWriter = true
                $0.failpoints = .fromEnvironment
            }
        }
        self.reading = try store(sizes.reading) { _ in }
        self.writing = writing ?? self.reading
        let limits = deployment.servingLimits
        self.serving = try store(sizes.serving) { ($0.statementTimeout, $0.poolWait) = (limits.statement, limits.wait) }
        let reading = self.reading
        self.watching =
            try sizes.watching.map {
                try store($0) {
                    ($0.statementTimeout, $0.poolWait) = (.seconds(2), .seconds(2))
                    ($0.connectTimeout, $0.longestBackOff) = (.seconds(3), .seconds(1))
                }
            } ?? reading
        self.all = all
    }
}
