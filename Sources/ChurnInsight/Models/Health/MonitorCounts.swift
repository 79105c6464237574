import ChurnCore

/// The counts of a monitor that are not written yet: a value.
struct MonitorCounts: Sendable {
    private struct Key: Hashable {
        var version: String
        var hour: Int32
    }

    private struct PairKey: Hashable {
        var challenger: String
        var champion: String
        var day: Int32
    }

    private struct ShadowKey: Hashable {
        var customerID: String
        var version: String
        var day: Int32
    }

    /// The scores of one customer and day that are kept until they are written.
    private struct ShadowEnds {
        var first: ShadowScore
        var last: ShadowScore
    }

    private let domain: Domain
    private var drift: [Key: DistributionCounter] = [:]
    private var pairs: [PairKey: ShadowCounts] = [:]
    private var scores: [ShadowKey: ShadowEnds] = [:]

    init(domain: Domain) { self.domain = domain }

    /// Counts the scores of served models, and of at most this many the inputs, evenly spread over the batch.
    mutating func count(_ work: ModelMonitor.Work, inputs limit: Int) {
        let champion = work.lineup.champion.identity
        let (ours, theirs) = (work.lineup.champion.distribution, work.lineup.challenger?.distribution)
        let count = work.scores.count
        for (index, score) in work.scores.enumerated() {
            guard let distribution = score.model == champion ? ours : theirs else { continue }
            let isCounted = count <= limit || index * limit / count != (index + 1) * limit / count
            self.drift[
                Key(version: score.model.version, hour: score.time.hour), default: DistributionCounter(distribution)
            ].add(isCounted ? score.features : nil, score: score.probability, of: score.customerID)
        }
    }

    /// Has each event scored by the model that did not serve it, and returns how many.
    mutating func compare(_ work: ModelMonitor.Work) async throws -> Int {
        let champion = work.lineup.champion
        guard let challenger = work.lineup.challenger else { return 0 }
        let isChampions = work.scores.map { $0.model == champion.identity }
        let theirs = try await challenger.scores(
            of: zip(work.scores, isChampions).filter(\.1).map(\.0.features))
        let ours = try await champion.scores(
            of: zip(work.scores, isChampions).filter { !$1 }.map(\.0.features))
        var (nextTheirs, nextOurs) = (theirs.makeIterator(), ours.makeIterator())
        for (score, isChampion) in zip(work.scores, isChampions) {
            guard let other = isChampion ? nextTheirs.next() : nextOurs.next() else { break }
            let day = score.time.day
            self.pairs[
                PairKey(challenger: challenger.identity.version, champion: champion.identity.version, day: day),
                default: ShadowCounts()
            ].add(
                champion: isChampion ? score.probability : other.probability,
                challenger: isChampion ? other.probability : score.probability, alertBefore: score.alertBefore,
                at: score.time, in: self.domain)
            guard isChampion else { continue }
            let version = challenger.identity.version
            self.keep(
                ShadowScore(
                    customerID: score.customerID, version: version, probability: other.probability, time: score.time,
                    champion: PairedScore(version: score.model.version, probability: score.probability)))
        }
        return work.scores.count
    }

    private mutating func keep(_ score: ShadowScore) {
        let key = ShadowKey(customerID: score.customerID, version: score.version, day: score.time.day)
        var ends = self.scores[key] ?? ShadowEnds(first: score, last: score)
        if score.time < ends.first.time { ends.first = score }
        if score.time >= ends.last.time { ends.last = score }
        self.scores[key] = ends
    }

    /// Returns whether it holds more than this many customers with scores, or many counted hours.
    func isLarge(_ limit: Int) -> Bool { self.scores.count > limit || self.drift.count > 1_000 }

    var counts: [ModelCounts] {
        self.drift.flatMap { key, counter in counter.counts(of: key.version, in: key.hour) }
            + self.pairs.map { key, counted in
                ModelCounts(
                    version: key.challenger, day: key.day, series: .shadow(of: key.champion), counts: counted.counts)
            }
    }

    var shadow: [ShadowScore] {
        self.scores.values.flatMap { $0.first == $0.last ? [$0.last] : [$0.first, $0.last] }
    }
}
