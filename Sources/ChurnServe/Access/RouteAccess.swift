import HTTPTypes

/// Who may call an endpoint; each ``Endpoint`` says it of itself.
enum RouteAccess: Equatable, Sendable {
    /// Everyone, without a credential: pages that hold no data, health, metrics.
    case open
    /// Principals with one of these roles, and admins.
    case roles(Set<Role>)

    /// Reading, for people.
    static let reading = Self.roles([.viewer, .agent])
    /// Actions for customers, by people.
    static let working = Self.roles([.agent])
    /// Input of other processes.
    static let sending = Self.roles([.ingest])
    /// Asking for scores.
    static let scoring = Self.roles([.viewer, .agent, .ingest])
    /// Everyone who has signed in.
    static let signedIn = Self.roles(Set(Role.allCases))
    /// Routes of administrators only.
    static let administering = Self.roles([])

    /// The roles that may open the WebSocket, once the client has signed in.
    static let updates: Set<Role> = [.viewer, .agent]
}

/// The endpoints' rules by method and path.
///
/// A method that no endpoint has at a path answers no one.
struct AccessTable: Sendable {
    private var rules: [String: [HTTPRequest.Method: RouteAccess]] = [:]

    init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints { self.rules[endpoint.path, default: [:]][endpoint.method] = endpoint.access }
    }

    /// Who may call an endpoint; nil where there is none.
    func rule(_ method: HTTPRequest.Method, _ path: String) -> RouteAccess? {
        // The router answers HEAD wherever it answers GET.
        self.rules[path]?[method == .head ? .get : method]
    }

    /// The methods of a path, as an Allow header lists them; nil where it has none.
    func methods(at path: String) -> String? {
        guard let rules = self.rules[path] else { return nil }
        var methods = Set(rules.keys.map(\.rawValue))
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.sorted().joined(separator: ", ")
    }
}
