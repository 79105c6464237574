/// One step from one version of the tables to the next.
///
/// Never changed once it was released; never destroys data.
struct Migration: Sendable {
    /// Rises by one.
    var number: Int32
    /// The addition, for people.
    var name: String
    /// The oldest version of the program, by the newest step that it knows, that works with the tables as this step
    /// leaves them; nil for none that does not know it.
    ///
    /// A step that only adds (expands) names a version before its own, so that programs can be exchanged one by one, and
    /// back. What it replaces is removed (contracted) by a later step, when no such program runs any more.
    var compatibleFrom: Int32?
    /// The statements; they run in one transaction with the search path pinned.
    var sql: String

    init(number: Int32, name: String, compatibleFrom: Int32? = nil, sql: String) {
        self.number = number
        self.name = name
        self.compatibleFrom = compatibleFrom
        self.sql = sql
    }

    /// All of them, in order.
    static let all =
        [
            streams, eventLog, updateLog, deadLetters, deduplication, contractTables, exportProgress, cases,
            webhookDeliveries, queries, access, modelRegistry, modelRecords, riskSnapshots, caseChanges, explanations,
            summedUpdates, outcomeEvents, caseScores, openCases,
            refusals, pins, versions, numbers, eventPartitions, blockColumns, rescored, exportLeases, predictionTime,
        ] + newest
}
