public import ChurnCore

/// A predictor for one check, with the customer base that it was made for.
public struct PredictorUnderTest: Sendable {
    /// The predictor.
    public var predictor: any Predictor
    /// The customer base.
    public var domain: Domain

    /// Creates a subject for the checks.
    public init(predictor: any Predictor, domain: Domain) {
        self.predictor = predictor
        self.domain = domain
    }

    func rows(_ count: Int) -> [[FeatureValue]] {
        let samples = StoreSamples(domain: self.domain)
        return (0..<count).map { samples.features($0 * 7 + $0 / 5) }
    }
}

/// The contract of every predictor: the same scores for the same rows, whoever asks and how.
public enum PredictorContract {
    /// A predictor.
    public typealias Subject = PredictorUnderTest
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = [
        Check("there is one score for each row, between 0 and 1") { subject, findings in
            for count in [1, 2, 7, 64, 1000] {
                let scores = try await subject.predictor.predict(subject.rows(count))
                findings.expectEqual(scores.count, count, "the number of scores")
                findings.expect(scores.allSatisfy { $0 >= 0 && $0 <= 1 }, "a score is outside 0...1")
            }
        },
        Check("no rows have no scores") { subject, findings in
            let scores = try await subject.predictor.predict([])
            findings.expectEqual(scores, [], "the scores")
        },
        Check("a batch of one and a batch of thousands give the same bits") { subject, findings in
            let rows = subject.rows(3000)
            let together = try await subject.predictor.predict(rows)
            for index in stride(from: 0, to: rows.count, by: 37) {
                let alone = try await subject.predictor.predict([rows[index]])
                findings.expectEqual(
                    alone.map(\.bitPattern), [together[index].bitPattern], "the bits of row \(index) alone")
            }
        },
        Check("scores are in the order of the rows") { subject, findings in
            let rows = subject.rows(100)
            let forward = try await subject.predictor.predict(rows)
            let backward = try await subject.predictor.predict(rows.reversed())
            findings.expectEqual(backward.reversed(), forward, "the scores of the rows from back to front")
        },
        Check("scores are single-precision values, widened without change") { subject, findings in
            let scores = try await subject.predictor.predict(subject.rows(200))
            findings.expect(scores.allSatisfy { Double(Float($0)) == $0 }, "a score has more bits than a Float")
        },
        Check("a row of missing values has a score") { subject, findings in
            let row = [FeatureValue](repeating: .missing, count: subject.domain.schema.count)
            let scores = try await subject.predictor.predict([row])
            findings.expectEqual(scores.count, 1, "the number of scores")
        },
        Check("tasks that predict at once get what one alone gets, and the model stays the same") { subject, findings in
            let rows = subject.rows(257)
            let model = subject.predictor.model
            findings.expect(!model.version.isEmpty, "the model has no version")
            let alone = try await subject.predictor.predict(rows)
            try await withThrowingTaskGroup(of: [Double].self) { group in
                for _ in 0..<16 { group.addTask { try await subject.predictor.predict(rows) } }
                for try await scores in group { findings.expect(scores == alone, "a task got other scores") }
            }
            findings.expectEqual(subject.predictor.model, model, "the model")
        },
        Check("a row with another number of features is refused, and the predictor goes on") { subject, findings in
            for row in [[FeatureValue](), Array(subject.rows(1)[0].dropLast()), subject.rows(1)[0] + [.missing]] {
                do {
                    let scores = try await subject.predictor.predict([row])
                    findings.expect(false, "a row of \(row.count) features got the scores \(scores)")
                } catch {
                    findings.expectEqual(error.failureDisposition, .reject, "the error's disposition")
                }
            }
            let scores = try await subject.predictor.predict(subject.rows(3))
            findings.expectEqual(scores.count, 3, "the number of scores afterwards")
        },
    ]
}
