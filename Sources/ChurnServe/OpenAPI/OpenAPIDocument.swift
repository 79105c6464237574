import ChurnCore
import HTTPTypes

/// The contract of the HTTP interface (OpenAPI 3.1), as it follows from the server's endpoints.
struct OpenAPIDocument {
    let endpoints: [Endpoint]
    /// Whether the server asks no one for a credential.
    var isOpen = false
    /// The path below which a proxy shows the server; empty where it is not known.
    var basePath = ""

    /// The document as JSON.
    var json: String {
        """
        {
        "openapi": "3.1.0",
        "info": {
          "title": "Churn",
          "version": "1.0.0",
          "description": "Customers, scores and cases of one customer base. Times are UTC in ISO 8601. Failures are \
        problem details (RFC 9457).",
          "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"}
        },
        "servers": [{"url": \(JSONText.quoted(self.basePath + "/"))}],
        "security": [\(self.isOpen ? "" : #"{"bearer": []}"#)],
        "tags": [
        \(Endpoint.Tag.allCases.map(\.json).joined(separator: ",\n"))
        ],
        "paths": {
        \(self.paths.joined(separator: ",\n"))
        },
        "components": {
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer",
          "description": "An API key, or a JSON Web Token of the issuer that the server trusts."}},
        "responses": {
        \(self.responses.joined(separator: ",\n"))
        },
        "schemas": {
        \(self.schemas.joined(separator: ",\n"))
        }
        }
        }
        """
    }

    /// Every path with its operations, in the order in which the endpoints stand.
    private var paths: [String] {
        var operations: [String: [String]] = [:]
        var order: [String] = []
        for endpoint in self.endpoints {
            if operations[endpoint.path] == nil { order.append(endpoint.path) }
            operations[endpoint.path, default: []].append(endpoint.operation)
        }
        return order.map { "\(JSONText.quoted($0)): {\((operations[$0] ?? []).joined(separator: ",\n"))}" }
    }

    /// The answers that endpoints share.
    private var responses: [String] {
        var named: [String: String] = [:]
        for answer in self.endpoints.flatMap(\.allAnswers) {
            if let name = answer.name { named[name] = answer.definition }
        }
        return named.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0.key)): \($0.value)" }
    }

    /// The schemas that have names.
    private var schemas: [String] {
        var named: [String: Schema] = [:]
        for endpoint in self.endpoints {
            for schema in endpoint.schemas { named.merge(schema.named) { known, _ in known } }
        }
        return named.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0.key)): \($0.value.json)" }
    }
}

extension Endpoint {
    /// Every schema that its description holds.
    fileprivate var schemas: [Schema] {
        self.parameters.map(\.schema) + [self.body].compactMap(\.self)
            + self.allAnswers.flatMap { $0.content.map(\.schema) + $0.headers.map(\.schema) }
    }

    /// Its member of the path's object.
    fileprivate var operation: String {
        var members = [
            #""operationId": \#(JSONText.quoted(self.id))"#, #""tags": [\#(JSONText.quoted(self.tag.rawValue))]"#,
            #""summary": \#(JSONText.quoted(self.summary))"#,
        ]
        if self.access == .open { members.append(#""security": []"#) }
        if let notes { members.append(#""description": \#(JSONText.quoted(notes))"#) }
        if !self.parameters.isEmpty {
            members.append(#""parameters": [\#(self.parameters.map(\.json).joined(separator: ", "))]"#)
        }
        if let body {
            members.append(
                #""requestBody": {"required": true, "content": {"application/json": {"schema": \#(body.json)}}}"#)
        }
        let answers = self.allAnswers.map { "\(JSONText.quoted($0.status)): \($0.json)" }
        members.append(#""responses": {\#(answers.joined(separator: ", "))}"#)
        return "\(JSONText.quoted(self.method.rawValue.lowercased())): {\n\(members.joined(separator: ",\n"))}"
    }
}

extension Endpoint.Tag {
    fileprivate var json: String {
        #"{"name": "\#(self.rawValue)", "description": \#(JSONText.quoted(self.meaning))}"#
    }

    private var meaning: String {
        switch self {
        case .customers: "One customer, and the list of those to look at."
        case .cases: "Cases: customers that became at risk, and what people do about them."
        case .dashboard: "Figures over all customers."
        case .history: "Events and alerts, newest first."
        case .scoring: "The model, scores on request, and what-if."
        case .broadcasts: "What other programs send to every WebSocket."
        case .administration: "What people changed, and what webhooks were sent."
        case .system: "Health, metrics, the live feed and this document."
        }
    }
}
