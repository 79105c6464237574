import ChurnCore

/// The form of a setting's values: what is written, and what it means to the program.
struct SettingForm<Value: Sendable>: Sendable {
    /// The kind of text that is accepted.
    let kind: ConfigurationKey.Kind
    /// Whether a value must never be shown.
    let isSecret: Bool
    /// Writes a value as a person would.
    let written: @Sendable (Value) -> String
    /// Reads a text of the kind; nil for anything else.
    let parse: @Sendable (String) -> Value?

    init(
        _ kind: ConfigurationKey.Kind, isSecret: Bool = false,
        written: @escaping @Sendable (Value) -> String = { "\($0)" }, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.kind = kind
        self.isSecret = isSecret
        self.written = written
        self.parse = parse
    }
}

extension SettingForm where Value == String {
    static var text: Self { Self(.text) { $0 } }
    static func choice(_ names: [String]) -> Self { Self(.choice(names)) { $0 } }
}

extension SettingForm where Value == Secret<String> {
    static var secret: Self { Self(.text, isSecret: true) { Secret($0) } }
}

extension SettingForm where Value == Bool {
    static var boolean: Self { Self(.boolean) { Bool($0) } }
}

extension SettingForm where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self { Self(.integer(range)) { Int($0) } }
}

extension SettingForm where Value == Double {
    static func number(_ range: ClosedRange<Double>) -> Self { Self(.number(range)) { Double($0) } }
}

extension SettingForm where Value == Duration {
    /// Whole milliseconds; the key's name ends in `Ms`.
    static func milliseconds(_ range: ClosedRange<Int>) -> Self {
        Self(
            .integer(range), written: { String(Int($0 / .milliseconds(1))) },
            parse: { text in Int(text).map { .milliseconds($0) } })
    }

    /// Whole seconds; the key's name ends in `Seconds`.
    static func seconds(_ range: ClosedRange<Int>) -> Self {
        Self(
            .integer(range), written: { String(Int($0 / .seconds(1))) },
            parse: { text in Int(text).map { .seconds($0) } })
    }
}

extension SettingForm where Value == PartitionSelection {
    static var partitions: Self { Self(.partitions) { PartitionSelection($0) } }
}

extension SettingForm where Value == NamedValues {
    static var pairs: Self { Self(.pairs) { NamedValues($0) } }
}

extension SettingForm where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of an enumeration's names.
    static var names: Self {
        Self(
            .choice(Value.allCases.map(\.rawValue)), written: { $0.rawValue }, parse: { Value(rawValue: $0) })
    }
}
