import ChurnCore
import ChurnInsight

/// What the routes of cases answer.
extension CaseRoutes {
    /// A case as it stands at a moment.
    struct ShownCase {
        var customerCase: CustomerCase
        var now: Timestamp

        var customer: CaseCustomer? { self.customerCase.customer }
        var standing: CaseStanding? { self.customer?.standing(at: self.now) }
        /// The time at which the customer left, where that is over.
        var leftAt: Timestamp? { self.standing == .left ? self.customer?.leftAt : nil }
    }

    /// A page of cases, and how many of all cases stand how.
    struct ListedCases {
        var page: CasePage
        var counts: [CaseStatus: Int]
        var isCapped: Bool
        var now: Timestamp

        var cases: [ShownCase] { self.page.cases.map { ShownCase(customerCase: $0, now: self.now) } }
        /// Where the next page begins.
        var next: Int64? { self.page.hasMore ? self.page.cases.last?.id : nil }
    }

    /// A page of what was done about one case, and where the next page begins.
    struct ListedSteps {
        var id: Int64
        var steps: [CaseChange]
        var next: Int64?
    }

    enum CaseShapes {
        static let customerCase = Shape<ShownCase>(
            "Case",
            [
                Field("alert_id") { $0.customerCase.id },
                Field("customer_id") { $0.customerCase.customerID },
                Field("reason", "The feature that raised the score most; null where that is not known.") {
                    $0.customerCase.reason
                },
                Field("event_type", "The event at which the score rose: the occasion, not the reason.") {
                    $0.customerCase.eventType.rawValue
                },
                Field("event_timestamp") { $0.customerCase.eventTime },
                Field("raised_at") { $0.customerCase.raisedAt },
                Field("churn_probability", schema: .probability) { $0.customerCase.probability },
                Field("churn_risk") { $0.customerCase.band },
                Field(
                    "churn_probability_now", "The customer's latest score; churn_probability is that of the case.",
                    schema: .probability.orNull()
                ) { $0.customer?.latest?.probability },
                Field("churn_risk_now") { $0.customer?.latest?.band },
                Field("prediction_timestamp") { $0.customer?.latest?.time },
                Field("at_risk_now", "Whether the customer counts as at risk now.") {
                    $0.standing != .left && $0.customer?.isAtRisk == true
                },
                Field(
                    "standing",
                    """
                    recovered where the latest score is at or below the exit threshold, left where the customer's newest \
                    outcome says so; null where the customer is no longer known.
                    """
                ) { $0.standing },
                Field("left_at", "When the customer left.") { $0.leftAt },
                Field("status") { $0.customerCase.handling.status(at: $0.now) },
                Field("assignee") { $0.customerCase.handling.assignee },
                Field("snoozed_until") { $0.customerCase.handling.snoozedUntil },
                Field("outcome") { $0.customerCase.handling.outcome },
                Field("changed_by") { $0.customerCase.handling.changedBy },
                Field("changed_at") { $0.customerCase.handling.changedAt },
                Field("version", schema: .integer(from: 0)) { $0.customerCase.handling.version },
            ])

        static let page = Shape<ListedCases>(
            "CasePage",
            [
                Field("alerts", Self.customerCase, to: CaseRoutes.maximumLimit, list: { $0.cases }),
                Field("next_before") { $0.next },
                Field("counts", Self.counts, object: { $0.counts }),
                Field(
                    "open_count_is_capped",
                    """
                    Whether there may be more open ones than counts says: they are counted to \
                    \(CaseRoutes.countedOpen).
                    """
                ) { $0.isCapped },
            ])

        private static let counts = Shape<[CaseStatus: Int]>(
            CaseStatus.allCases.map { status in
                Field<[CaseStatus: Int]>(status.rawValue, schema: .integer(from: 0)) { $0[status, default: 0] }
            })

        static let history = Shape<ListedSteps>(
            "CaseHistory",
            [
                Field("alert_id") { $0.id },
                Field("items", Self.change, to: CaseRoutes.maximumLimit, list: { $0.steps }),
                Field("next_before") { $0.next },
            ])

        private static let change = Shape<CaseChange>(
            "CaseChange",
            [
                Field("version", schema: .integer(from: 1)) { $0.version },
                Field("changed_at") { $0.time },
                Field("changed_by") { $0.actor },
                Field("from_status") { $0.from },
                Field("to_status") { $0.to },
                Field("assignee") { $0.assignee },
                Field("snoozed_until") { $0.snoozedUntil },
                Field("outcome") { $0.outcome },
                Field.ifThere("log_id", "The intervention that was the step.") { $0.interventionID },
            ])
    }
}

extension CaseStanding: NamedAnswerValue {
    static var schema: Schema { Schema.choice(Self.self).named("CaseStanding") }
}

extension CaseStatus: NamedAnswerValue {
    static var schema: Schema { Schema.choice(Self.self).named("CaseStatus") }
}
