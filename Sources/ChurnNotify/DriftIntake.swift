import ChurnCore
import ChurnInsight

/// The beginning or the end of an episode of drift, as webhooks are notified of it.
struct DriftNotice: Hashable {
    var episode: DriftEpisode
    var isOver: Bool

    /// The number that stands for an event's in the log of deliveries, below zero: no event has it.
    var deliveryNumber: Int64 { -2 * self.episode.id + (self.isOver ? 1 : 0) }
}

/// Finds the episodes of drift that a webhook has not been notified of by this node.
///
/// Each node offers every recent beginning and end; the log of deliveries takes each once.
struct DriftIntake {
    private let log: any DriftLog
    private let now: @Sendable () -> Timestamp
    private var last: Timestamp?
    private var taken: Set<Int64> = []

    /// The interval of looks.
    private static let interval = Duration.seconds(15)
    /// The age up to which something is news, for a node that was away.
    private static let newsAge = Duration.seconds(86_400)

    init(log: any DriftLog, now: @escaping @Sendable () -> Timestamp) {
        self.log = log
        self.now = now
    }

    /// Returns what is new, at most once in an interval.
    mutating func notices() async throws -> [DriftNotice] {
        let now = self.now()
        if let last, last <= now, now < last.advanced(by: Self.interval) { return [] }
        let since = now.advanced(by: .zero - Self.newsAge)
        let episodes = try await self.log.driftEpisodes(since: since)
        self.last = now
        return episodes.flatMap { episode in
            let begun = episode.began >= since ? [DriftNotice(episode: episode, isOver: false)] : []
            return begun + (episode.ended == nil ? [] : [DriftNotice(episode: episode, isOver: true)])
        }.filter { !self.taken.contains($0.deliveryNumber) }
    }

    /// Remembers what was taken up.
    mutating func finished(_ notices: [DriftNotice]) { self.taken.formUnion(notices.map(\.deliveryNumber)) }
}
