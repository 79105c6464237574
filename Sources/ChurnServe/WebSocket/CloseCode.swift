/// The reason for the end of a WebSocket, as sent to the client; where coming back makes sense, the reason ends with
/// ``RetryAdvice``.
///
/// | code | meaning | come back? |
/// |---|---|---|
/// | 1001 | the server stops, or the connection reached its age | yes, with the cursor |
/// | 1002, 1003, 1007, 1009 | the client broke the protocol | no: fix the client |
/// | 1008 | the client broke a rule of this server | no: fix the client |
/// | 1013 | no place is free | yes, later |
/// | 4001 | no token came, or it is not or no longer valid | with a new token |
/// | 4003 | the token does not allow this | no |
/// | 4008 | the client did not keep up, or did not answer | yes, with the cursor |
/// | 4010 | what is missing cannot be named by numbers, or the client asked to be closed on gaps | again, without a
/// cursor | | 4029 | the client sent too much, or its principal has too many connections | yes, with fewer |
struct CloseCode: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt16

    static let normal = Self(rawValue: 1000)
    static let goingAway = Self(rawValue: 1001)
    static let protocolError = Self(rawValue: 1002)
    static let unsupportedData = Self(rawValue: 1003)
    static let invalidText = Self(rawValue: 1007)
    static let policy = Self(rawValue: 1008)
    static let tooBig = Self(rawValue: 1009)
    static let tryLater = Self(rawValue: 1013)
    static let badToken = Self(rawValue: 4001)
    static let forbidden = Self(rawValue: 4003)
    static let tooSlow = Self(rawValue: 4008)
    static let gap = Self(rawValue: 4010)
    static let tooMany = Self(rawValue: 4029)

    /// Whether a peer may send this code (RFC 6455, section 7.4, and the registry that it founded).
    var isValidOnWire: Bool {
        switch self.rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
