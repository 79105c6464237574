/// One step from one version of the tables to the next.
///
/// Never changed once it was released; never destroys data.
struct Migration: Sendable {
    /// Rises by one.
    var number: Int32
    /// The addition, for people.
    var name: String
    /// The statements; they run in one transaction with the search path pinned.
    var sql: String

    /// All of them, in order.
    static let all =
        [
            streams, eventLog, updateLog, deadLetters, deduplication, contractTables, exportProgress, cases,
            webhookDeliveries, queries, access, modelRegistry, modelRecords, riskSnapshots, caseChanges, explanations,
            summedUpdates, outcomeEvents, caseScores, openCases,
            refusals, pins, versions, numbers, eventPartitions, blockColumns, rescored, exportLeases, predictionTime,
        ] + newest
}
