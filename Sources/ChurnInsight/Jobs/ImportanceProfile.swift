public import ChurnCore

/// Finds how much each feature matters: the mean absolute contribution over all customers, by segment too.
public struct ImportanceProfile: Sendable {
    private let directory: any CustomerDirectory
    private let states: any FeatureStore
    private let domain: Domain
    private let pageSize: Int

    /// Creates a profile.
    public init(
        directory: any CustomerDirectory, states: any FeatureStore, domain: Domain, pageSize: Int = 2_000
    ) {
        self.directory = directory
        self.states = states
        self.domain = domain
        self.pageSize = max(1, pageSize)
    }

    private struct Sums {
        var customers = 0
        var absolute: [Double]
    }

    /// Explains every customer that has not left.
    ///
    /// While one page is explained, the next is read.
    ///
    /// - Parameters:
    ///   - predictor: the model that serves.
    ///   - time: the time that the summary carries.
    ///   - progress: is called with the number of customers processed so far.
    ///   - skipped: is called with the number of customers of a page that have a number which no model can read.
    /// - Throws: `fatal` where the model cannot be explained; what the stores and the explainer throw.
    public func run(
        _ predictor: any Predictor, at time: Timestamp, progress: @Sendable (Int) -> Void = { _ in },
        skipped: @Sendable (Int) -> Void = { _ in }
    ) async throws -> ImportanceSummary {
        guard let explainer = predictor.explainer else {
            throw ChurnError(
                .predictionFailed, .fatal, during: "explain all customers", advice: "this model has no explainer")
        }
        let none = Sums(absolute: Array(repeating: 0, count: self.domain.schema.count))
        var (all, segments): (Sums, [String: Sums]) = (none, [:])
        var page = try await self.page(after: nil, at: time)
        while let last = page.last {
            async let next = self.page(after: last, at: time)
            let customers = page.customers.filter { $0.features.allSatisfy(\.isUsable) }
            if customers.count < page.customers.count { skipped(page.customers.count - customers.count) }
            let explanations = try await explainer.explain(customers.map(\.features))
            for (customer, explanation) in zip(customers, explanations) {
                Self.add(explanation, to: &all)
                if let segment = customer.features[self.domain.segmentFeature].segmentName {
                    Self.add(explanation, to: &segments[segment, default: none])
                }
            }
            progress(all.customers)
            page = try await next
        }
        func group(_ segment: String?, _ sums: Sums) -> ImportanceSummary.Group {
            ImportanceSummary.Group(
                segment: segment, customers: sums.customers,
                importances: sums.absolute.map { sums.customers == 0 ? 0 : $0 / Double(sums.customers) })
        }
        return ImportanceSummary(
            model: predictor.model, time: time,
            groups: [group(nil, all)] + segments.sorted { $0.key < $1.key }.map { group($0.key, $0.value) })
    }

    private static func add(_ explanation: Explanation, to sums: inout Sums) {
        sums.customers += 1
        for (feature, contribution) in explanation.contributions.enumerated() {
            sums.absolute[feature] += abs(contribution)
        }
    }

    /// A page of customers with the last id that was looked at; nil for that after the end.
    private func page(
        after id: String?, at time: Timestamp
    ) async throws -> (customers: [CustomerState], last: String?) {
        let ids = try await self.directory.customerIDs(after: id, limit: self.pageSize)
        guard !ids.isEmpty else { return ([], nil) }
        // Another program may have written ids that no event can name.
        let states = try await self.states.states(inOrderOf: ids.filter(\.isInNormalForm))
        return (states.compactMap(\.self).filter { !$0.hasLeft(at: time) }, ids.last)
    }
}
