import ChurnCore
import HTTPTypes
import NIOHTTP1

/// Decides about a request from its head alone, before anything else sees it.
struct RequestScreen: Sendable {
    /// The verdict on a request.
    enum Verdict: Equatable {
        /// It goes on as plain HTTP. `closes` where the connection must end after the answer.
        case serve(HTTPRequestHead, closes: Bool)
        /// It becomes a WebSocket of this endpoint.
        case upgrade(HTTPRequestHead, WebSocketRequest)
        /// It ends here.
        case refuse(Problem)
    }

    /// The host that was configured.
    var host: String
    /// The port that is bound.
    var port: Int
    /// The paths at which a WebSocket may be opened.
    var webSocketPaths: Set<String>
    /// The largest body, in bytes.
    var maximumBodyBytes: Int
    /// More hosts under which the server answers.
    var hosts: [HostPort] = []
    /// The pages that may connect.
    var origins = OriginPolicy()
    /// The addresses of health and metrics, which are answered under any host: they show nothing of a customer, and
    /// probes and scrapers go by addresses and names that no one configures.
    var probePaths: Set<String> = []
    /// The path below which a proxy shows the server, without a slash at its end; requests come with it or without.
    var basePath = ""

    /// Decides about a request.
    ///
    /// - Parameter isFirst: whether it is its connection's first: only that one can be upgraded.
    func judge(_ original: HTTPRequestHead, isFirst: Bool) -> Verdict {
        var head = original
        guard head.version.major == 1 else { return .refuse(.malformedRequest) }
        // Only origin-form: an absolute target would bring a second, unchecked host.
        guard head.uri.utf8.first == UInt8(ascii: "/"), head.uri.utf8.count <= 14 * 1024 else {
            return .refuse(.malformedRequest)
        }
        head.uri = self.withoutBase(head.uri)
        let hosts = head.headers["host"]
        guard hosts.count == 1, let authority = HostPort(hosts[0]) else {
            return .refuse(Problem(.badRequest, "bad_host", "A request needs one Host header: a name and a port."))
        }
        guard self.serves(authority) || self.isProbe(head) else {
            return .refuse(
                Problem(.misdirectedRequest, "unknown_host", "This server does not answer under this host name."))
        }
        if let problem = self.checkBody(head) ?? Self.checkExpectation(head) { return .refuse(problem) }
        guard head.headers.contains(name: "upgrade") else { return .serve(head, closes: false) }
        return self.judgeUpgrade(head, host: hosts[0], isFirst: isFirst)
    }

    /// Returns whether a request asks for health or metrics.
    func isProbe(_ head: HTTPRequestHead) -> Bool {
        [.GET, .HEAD].contains(head.method)
            && self.probePaths.contains(Self.split(self.withoutBase(head.uri)).path)
    }

    /// Returns whether a client sends its body only when it hears that it is wanted.
    static func awaitsContinue(_ head: HTTPRequestHead) -> Bool {
        guard head.version == .http1_1, head.headers.contains(name: "expect") else { return false }
        return head.headers.contains(name: "transfer-encoding") || head.headers["content-length"].contains { $0 != "0" }
    }

    /// The only expectation that there is (RFC 9110, section 10.1.1); older clients cannot have one.
    private static func checkExpectation(_ head: HTTPRequestHead) -> Problem? {
        guard head.version == .http1_1 else { return nil }
        let isKnown = head.headers[canonicalForm: "expect"].allSatisfy { $0.lowercased() == "100-continue" }
        return isKnown ? nil : .expectationFailed
    }

    /// A target without the path of the proxy, where it has that.
    private func withoutBase(_ uri: String) -> String {
        guard !self.basePath.isEmpty, uri.hasPrefix(self.basePath) else { return uri }
        let rest = uri.dropFirst(self.basePath.count)
        switch rest.first {
        case "/": return String(rest)
        case nil, "?": return "/" + rest
        default: return uri
        }
    }

    private func serves(_ authority: HostPort) -> Bool {
        if LoopbackAddress.contains(authority.host) { return true }
        let name = authority.host.lowercased()
        if name == self.host.lowercased(), (authority.port ?? self.origins.defaultPort) == self.port { return true }
        // A proxy may pass the name on with its own port, or none.
        return self.hosts.contains { $0.host.lowercased() == name && ($0.port == nil || $0.port == authority.port) }
    }

    private func checkBody(_ head: HTTPRequestHead) -> Problem? {
        let lengths = head.headers["content-length"]
        guard let length = lengths.first else { return nil }
        guard lengths.count == 1, let bytes = Int(length), bytes >= 0, !head.headers.contains(name: "transfer-encoding")
        else { return .malformedRequest }
        return bytes > self.maximumBodyBytes ? .bodyTooLarge : nil
    }

    private func judgeUpgrade(_ original: HTTPRequestHead, host: String, isFirst: Bool) -> Verdict {
        var head = original
        let wantsWebSocket =
            head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
        let (path, query) = Self.split(head.uri)
        guard isFirst, wantsWebSocket, self.webSocketPaths.contains(path) else {
            // NIO's upgrade handler loses the head of a request whose Upgrade header no upgrader takes.
            head.headers.remove(name: "upgrade")
            head.headers.replaceOrAdd(name: "connection", value: "close")
            return .serve(head, closes: true)
        }
        guard head.method == .GET, head.version == .http1_1,
            !head.headers.contains(name: "transfer-encoding"), head.headers["content-length"].allSatisfy({ $0 == "0" })
        else { return .refuse(.malformedRequest) }
        let keys = head.headers["sec-websocket-key"]
        guard head.headers["sec-websocket-version"] == ["13"], keys.count == 1, Self.isKey(keys[0]) else {
            return .refuse(.upgradeRequired)
        }
        let origins = head.headers["origin"]
        guard origins.allSatisfy({ self.origins.allows($0, host: host) }), origins.count <= 1 else {
            return .refuse(.foreignOrigin)
        }
        do {
            let request = WebSocketRequest(
                path: path, options: try SubscriptionOptions(QueryParameters(query.map(String.init))),
                credential: BearerCredential(head.headers["authorization"]))
            head.headers.replaceOrAdd(name: "upgrade", value: "websocket")
            head.headers.replaceOrAdd(name: "connection", value: "upgrade")
            return .upgrade(head, request)
        } catch {
            return .refuse(AnswerMiddleware.problem(for: error))
        }
    }

    private static func split(_ uri: String) -> (path: String, query: Substring?) {
        guard let mark = uri.firstIndex(of: "?") else { return (uri, nil) }
        return (String(uri[..<mark]), uri[uri.index(after: mark)...])
    }

    /// Returns whether a text is the base64 of 16 bytes.
    private static func isKey(_ text: String) -> Bool {
        let utf8 = Array(text.utf8)
        guard utf8.count == 24, utf8.suffix(2) == Array("==".utf8)[...] else { return false }
        return utf8.prefix(22).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
            default: false
            }
        }
    }
}
