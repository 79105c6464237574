import ChurnCore
import Foundation

/// The contract of every explainer: contributions that add up to the margin, the same whoever asks and how.
///
/// The subject is the predictor that brings the explainer along.
public enum ExplainerContract {
    /// A predictor with an explainer.
    public typealias Subject = PredictorUnderTest
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Margins agree within this.
    static let tolerance = 1e-5

    /// Every promise.
    public static let checks: [Check] = [
        Check("there is one explanation for each row, with one contribution for each feature") { subject, findings in
            let explainer = try findings.require(subject.predictor.explainer, "an explainer")
            for count in [0, 1, 2, 33, 500] {
                let explanations = try await explainer.explain(subject.rows(count))
                findings.expectEqual(explanations.count, count, "the number of explanations")
                findings.expect(
                    explanations.allSatisfy { $0.contributions.count == subject.domain.schema.count },
                    "an explanation has another number of contributions than the schema has features")
            }
        },
        Check("a larger margin is no smaller probability, and the base margin is the same for all") {
            subject, findings in
            let explainer = try findings.require(subject.predictor.explainer, "an explainer")
            let rows = subject.rows(400)
            let explanations = try await explainer.explain(rows)
            let probabilities = try await subject.predictor.predict(rows)
            findings.expectEqual(Set(explanations.map(\.baseMargin)).count, 1, "the number of base margins")
            let sorted = zip(explanations.map(\.margin), probabilities).sorted { $0.0 < $1.0 }
            for (lower, higher) in zip(sorted, sorted.dropFirst()) where higher.0 - lower.0 > tolerance {
                findings.expect(lower.1 <= higher.1, "the margin \(higher.0) has a lower probability than \(lower.0)")
            }
        },
        Check("a row is explained in the same bits alone and among others") { subject, findings in
            let explainer = try findings.require(subject.predictor.explainer, "an explainer")
            let rows = subject.rows(300)
            let together = try await explainer.explain(rows)
            for index in stride(from: 0, to: rows.count, by: 29) {
                let alone = try await explainer.explain([rows[index]])
                findings.expectEqual(alone, [together[index]], "the explanation of row \(index) alone")
            }
        },
        Check("a difference is that of the explanations and sums up to the margins'") { subject, findings in
            let explainer = try findings.require(subject.predictor.explainer, "an explainer")
            let rows = subject.rows(120)
            let pairs = zip(rows, rows.dropFirst()).map { FeaturePair(before: $0, after: $1) }
            let explanations = try await explainer.explain(rows)
            let differences = try await explainer.differences(pairs)
            findings.expectEqual(differences.count, pairs.count, "the number of differences")
            for (index, difference) in differences.enumerated() {
                let (before, after) = (explanations[index], explanations[index + 1])
                findings.expect(
                    abs(difference.reduce(0, +) - (after.margin - before.margin)) <= tolerance,
                    "a difference does not sum up to that of the margins")
                findings.expect(
                    zip(difference, zip(before.contributions, after.contributions))
                        .allSatisfy { abs($0 - ($1.1 - $1.0)) <= tolerance },
                    "a difference is not that of the contributions")
            }
        },
        Check("nothing that changes has a difference of zeros") { subject, findings in
            let explainer = try findings.require(subject.predictor.explainer, "an explainer")
            let pairs = subject.rows(20).map { FeaturePair(before: $0, after: $0) }
            let differences = try await explainer.differences(pairs)
            findings.expect(differences.allSatisfy { $0.allSatisfy { $0 == 0 } }, "a difference is not 0")
        },
        Check("a row with another number of features is refused") { subject, findings in
            let explainer = try findings.require(subject.predictor.explainer, "an explainer")
            do {
                _ = try await explainer.explain([Array(subject.rows(1)[0].dropLast())])
                findings.expect(false, "a row that is too short was explained")
            } catch {
                findings.expectEqual(error.failureDisposition, .reject, "the error's disposition")
            }
        },
    ]
}
