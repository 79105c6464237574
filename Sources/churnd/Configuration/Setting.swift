/// A configuration key with the type of its value.
struct Setting<Value: Sendable>: DeclaredSetting, Sendable {
    /// The key.
    let key: ConfigurationKey
    /// The value that holds where none is given.
    let defaultValue: Value
    /// Reads a text that the key's kind accepts.
    let parse: @Sendable (String) -> Value?

    /// A key with a default.
    init(
        _ name: String, _ form: SettingForm<Value>, default defaultValue: Value, _ help: String, aliases: [String] = []
    ) {
        self.key = ConfigurationKey(
            name: name, kind: form.kind, defaultValue: form.written(defaultValue), help: help, isSecret: form.isSecret,
            aliases: aliases)
        self.defaultValue = defaultValue
        self.parse = form.parse
    }

    /// A key that has no value where none is given.
    init<Given>(_ name: String, _ form: SettingForm<Given>, _ help: String) where Value == Given? {
        self.key = ConfigurationKey(
            name: name, kind: form.kind, defaultValue: nil, help: help, isSecret: form.isSecret, aliases: [])
        self.defaultValue = nil
        self.parse = { form.parse($0) }
    }
}

/// A setting of any type.
protocol DeclaredSetting {
    /// The key.
    var key: ConfigurationKey { get }
}

extension ConfigurationKey {
    /// Every key, in the order of declaration.
    ///
    /// Flags, environment and file are checked against this list.
    static let all: [ConfigurationKey] = Mirror(reflecting: Settings.all).children.compactMap { child in
        (child.value as? any DeclaredSetting)?.key
    }

    /// The key that names the configuration file; it cannot be in that file.
    static let file = Settings.all.configurationFile.key
}
