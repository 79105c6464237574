import Foundation

/// The time of day, which tests set themselves.
public typealias WallClock = @Sendable () -> Timestamp

extension Timestamp {
    /// The system's time of day.
    public static func systemNow() -> Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}
