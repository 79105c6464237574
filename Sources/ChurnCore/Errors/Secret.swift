/// A value that never shows itself: its description, debug description and mirror are redacted.
public struct Secret<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: Value

    /// Wraps a value.
    public init(_ value: Value) { self.value = value }

    /// Hands the value to `body`, the only way to read it.
    public func withExposedValue<Result>(_ body: (Value) throws -> Result) rethrows -> Result { try body(self.value) }

    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Always empty.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
