import ChurnCore
import HTTPTypes
import Hummingbird
import NIOCore

/// The answer to a request that failed (RFC 9457).
///
/// All texts are authored; none comes from an error below.
struct Problem: Error, Equatable {
    var status: HTTPResponse.Status
    /// A short name that programs can rely on.
    var code: String
    /// The remedy.
    var detail: String
    /// After how many seconds another try makes sense.
    var retryAfterSeconds: Int?
    /// The faults in single parts of the request; all that were found.
    var faults: [Fault]
    /// The methods that the address takes, where that is what is wrong.
    var allow: String?
    /// The way to authenticate, where that is what is missing (RFC 9110, section 11.6.1).
    var challenge: String?
    /// Who was faster, and when, where another person's step is what is in the way.
    var changedBy: String?
    var changedAt: Timestamp?

    init(
        _ status: HTTPResponse.Status, _ code: String, _ detail: String, retryAfterSeconds: Int? = nil,
        faults: [Fault] = [], allow: String? = nil, challenge: String? = nil, changedBy: String? = nil,
        changedAt: Timestamp? = nil
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
        self.faults = faults
        self.allow = allow
        self.challenge = challenge
        (self.changedBy, self.changedAt) = (changedBy, changedAt)
    }

    static let contentType = "application/problem+json"

    /// The body, naming the request so that its log lines can be found.
    func json(requestID: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { Self.shape.write(Reported(problem: self, requestID: requestID), to: &$0) }
        return json.bytes
    }

    func response(requestID: String) -> Response {
        var headers: HTTPFields = [.contentType: Self.contentType]
        if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
        if let allow { headers[.allow] = allow }
        headers[.wwwAuthenticate] = self.challenge
        return Response(
            status: self.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: self.json(requestID: requestID))))
    }
}

extension Problem {
    static let schema = shape.schema

    /// A problem with the request that met it.
    private struct Reported {
        var problem: Problem
        var requestID: String
    }

    private static let shape = Shape<Reported>(
        "Problem",
        [
            Field("type", schema: .constant("about:blank")) { _ in "about:blank" },
            Field("title") { $0.problem.status.reasonPhrase },
            Field("status", schema: .integer(from: 400, to: 599)) { $0.problem.status.code },
            Field("code", "A name that programs can rely on.") { $0.problem.code },
            Field("detail") { $0.problem.detail },
            Field.ifAny("errors", Self.fault, list: { $0.problem.faults }),
            Field.ifThere("changed_by", "Who was faster.") { $0.problem.changedBy },
            Field.ifThere("changed_at", "When that was.") { $0.problem.changedAt },
            Field("request_id") { $0.requestID },
        ])

    private static let fault = Shape<Fault>([
        Field("in", schema: .choice([Fault.Place.query, .body].map(\.rawValue))) { $0.place.rawValue },
        Field("name", "The parameter, or a JSON Pointer into the body.") { $0.name },
        Field("detail") { $0.detail },
    ])
}

extension Problem {
    static let storeUnavailable = Problem(
        .serviceUnavailable, "store_unavailable", "The data store cannot be reached now. Try again soon.",
        retryAfterSeconds: 2)
    static let timedOut = Problem(
        .serviceUnavailable, "timed_out", "The answer took too long. Try again soon.", retryAfterSeconds: 2)
    static let internalError = Problem(
        .internalServerError, "internal_error",
        "The server failed to answer. Its log has the reason under the request id.")
    static let notFound = Problem(.notFound, "not_found", "There is nothing at this address.")
    static let customerNotFound = Problem(.notFound, "customer_not_found", "There is no customer of this id.")
    static let upgradeRequired = Problem(
        .upgradeRequired, "upgrade_required",
        "Open a WebSocket here (RFC 6455, version 13), as the first request of its connection.")
    static let tooManyConnections = Problem(
        .tooManyRequests, "too_many_connections", "All places for connections are taken. Try again later.",
        retryAfterSeconds: 5)
    static let expectationFailed = Problem(
        .expectationFailed, "expectation_failed", "The only expectation that the server meets is 100-continue.")
    static let tooManySockets = Problem(
        .tooManyRequests, "too_many_connections", "All places for live connections are taken. Try again later.",
        retryAfterSeconds: 30)
    static let tooManyExports = Problem(
        .serviceUnavailable, "too_many_exports", "Other exports are being written. Try again soon.",
        retryAfterSeconds: 5)
    static let bodyTooLarge = Problem(.contentTooLarge, "body_too_large", "The request's body is too large.")
    static let malformedRequest = Problem(.badRequest, "malformed_request", "The request is not valid HTTP/1.1.")
    static let headersTooLarge = Problem(
        .requestHeaderFieldsTooLarge, "headers_too_large", "The request's headers are too many or too large.")
    static let malformedCursor = Problem(
        .badRequest, "malformed_cursor",
        "The cursor is not one that this server gave out. Connect without a cursor to start at now.")

    /// A name for programs where only a status is known.
    static func status(_ status: HTTPResponse.Status) -> Problem {
        switch status.code {
        case 404: .notFound
        case 413: .bodyTooLarge
        case 405: Problem(status, "method_not_allowed", "This address does not take this method.")
        case 400..<500: Problem(status, "bad_request", "The request cannot be answered as it is.")
        default: .internalError
        }
    }
}
