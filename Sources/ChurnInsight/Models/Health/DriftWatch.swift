public import ChurnCore
public import Logging

/// Reports drift once when it begins and once when it is over: in the log of the process that found it, and on the
/// health of every process while it lasts.
///
/// Webhooks learn of it from the same ``DriftLog``.
public struct DriftWatch: Sendable {
    /// The component on the board of health: degraded while drift lasts, and else absent.
    public static let component = "drift"

    private let log: any DriftLog
    private let health: HealthBoard
    private let logger: Logger

    /// Creates a watch.
    public init(log: any DriftLog, health: HealthBoard, logger: Logger) {
        self.log = log
        self.health = health
        self.logger = logger
    }

    /// Takes note of a report, and returns the episodes that last.
    @discardableResult
    public func take(_ health: ModelHealth, at now: Timestamp) async throws -> [DriftEpisode] {
        // Where this process has no model, another one may have.
        if let version = health.models.first(where: { $0.role == .champion })?.version, !health.windows.isEmpty {
            for episode in try await self.lasting(at: now) where episode.version != version {
                try await self.end(episode, at: now, "another model serves")
            }
            let lasting = try await self.lasting(at: now)
            for episode in lasting where Self.isOver(episode, health) {
                try await self.end(episode, at: now, "customers are again like those of training")
            }
            try await self.begin(version, health, known: lasting, at: now)
        }
        let lasting = try await self.lasting(at: now)
        self.show(lasting)
        return lasting
    }

    private func lasting(at now: Timestamp) async throws -> [DriftEpisode] {
        try await self.log.driftEpisodes(since: now).filter { $0.ended == nil }
    }

    private func begin(
        _ version: String, _ health: ModelHealth, known: [DriftEpisode], at now: Timestamp
    ) async throws {
        let reported = Set(known.flatMap(\.columns))
        func alarms(_ window: WindowDrift) -> [String] {
            window.columns.filter { $0.status == .alarm && !reported.contains($0.name) }.map(\.name)
        }
        guard let first = health.windows.first(where: { !alarms($0).isEmpty }) else { return }
        let found = Set(health.windows.flatMap(alarms))
        let columns = first.columns.map(\.name).filter(found.contains)
        guard
            let episode = try await self.log.beginDrift(
                of: version, columns: columns, window: first.window, at: now)
        else { return }
        self.logger.warning(
            "Customers are no longer like those that the model learned from",
            metadata: Self.metadata(episode).merging(["churn.advice": "\(Self.advice)"]) { $1 })
    }

    private func end(_ episode: DriftEpisode, at now: Timestamp, _ reason: String) async throws {
        guard try await self.log.endDrift(episode.id, at: now) else { return }
        self.logger.notice(
            "Drift is over", metadata: Self.metadata(episode).merging(["churn.reason": "\(reason)"]) { $1 })
    }

    /// Over once no window alarms any more, and those of an hour and a day lie well below; without enough scores it lasts.
    private static func isOver(_ episode: DriftEpisode, _ health: ModelHealth) -> Bool {
        var hasEnough = false
        for window in health.windows {
            for line in window.columns where line.status != .insufficient && episode.columns.contains(line.name) {
                guard line.status != .alarm else { return false }
                // The longest window has the shift in it for weeks, and counts where it was what showed it.
                guard window.window != .month || episode.window == .month else { continue }
                guard line.isOver else { return false }
                hasEnough = true
            }
        }
        return hasEnough
    }

    private func show(_ lasting: [DriftEpisode]) {
        guard let first = lasting.first else { return self.health.remove(Self.component) }
        let columns = lasting.flatMap(\.columns).joined(separator: ", ")
        self.health.report(
            Self.component,
            .degraded(
                reason: "customers differ from those of training since \(first.began.iso8601): \(columns)",
                advice: Self.advice))
    }

    private static let advice =
        "see whether the source of these columns changed; if customers really did, train on recent ones"

    private static func metadata(_ episode: DriftEpisode) -> Logger.Metadata {
        [
            "churn.model": "\(episode.version)", "churn.columns": "\(episode.columns.joined(separator: ", "))",
            "churn.window": "\(episode.window.rawValue)", "churn.since": "\(episode.began.iso8601)",
        ]
    }
}
