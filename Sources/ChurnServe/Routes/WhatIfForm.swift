import ChurnCore
import ChurnInsight
import HTTPTypes

/// The body of a request for what actions and changes would do to a customer's score.
struct WhatIfForm: Equatable {
    /// The most actions of one scenario.
    static let maximumActions = 10
    private static let names: Set<String> = ["customer_id", "changes", "actions"]

    var customerID: String
    var scenario: ActionScenario

    init(_ members: [String: JSONValue], domain: Domain) throws {
        var faults: [Problem.Fault] = []
        func fault(_ pointer: String, _ detail: String) {
            faults.append(Problem.Fault(place: .body, name: pointer, detail: detail))
        }
        self.customerID = ""
        self.scenario = ActionScenario()
        for name in members.keys where !Self.names.contains(name) {
            fault(
                Problem.Fault.pointer("", to: name), "The body has the members customer_id, changes and actions only.")
        }
        if let id = members["customer_id"]?.customerID, ServeContext.isCustomerID(id) {
            self.customerID = id
        } else {
            fault("/customer_id", ScoreForm.customerIDFault)
        }
        switch members["changes"] {
        case nil, .null: break
        case .object(let changes):
            let values = ScoreForm.values(changes, at: "/changes", domain.schema, &faults)
            for (index, value) in values {
                let feature = domain.schema.features[index]
                if let reason = feature.refusal(of: value) { fault("/changes/\(feature.column)", reason) }
            }
            self.scenario.changes = values
        default: fault("/changes", "It is an object of features and the values that they would have.")
        }
        switch members["actions"] {
        case nil, .null: break
        case .list(let names) where names.count <= Self.maximumActions:
            for (place, name) in names.enumerated() {
                if case .text(let id) = name, domain.actions.contains(where: { $0.id == id }) {
                    self.scenario.actions.append(id)
                } else {
                    fault(
                        "/actions/\(place)", "It is the id of one of the domain's actions; GET /api/domain lists them.")
                }
            }
        default: fault("/actions", "It is a list of at most \(Self.maximumActions) ids of the domain's actions.")
        }
        guard faults.isEmpty else { throw Problem.body(faults.sorted { $0.name < $1.name }) }
    }

    /// The body as the document describes it.
    static func schema(_ domain: Domain) -> Schema {
        let changes = Schema.oneOf([ScoreForm.changesSchema(domain), .null])
        let actions = Schema.array(of: .actionID(of: domain.actions), to: self.maximumActions).orNull()
        return Schema.object(
            [
                Schema.Property(name: "customer_id", schema: .customerID),
                Schema.Property(name: "changes", schema: changes, isRequired: false),
                Schema.Property(name: "actions", schema: actions, isRequired: false),
            ], others: .refused
        ).named("WhatIfRequest")
    }
}

extension Schema {
    /// The id of an action.
    static func actionID(of actions: [StaffAction]) -> Schema {
        Schema.choice(actions.map(\.id)).meaning("The id of one of the domain's actions.")
    }
}
