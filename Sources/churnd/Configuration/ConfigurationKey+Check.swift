extension ConfigurationKey.Kind {
    /// Returns whether a text is a value of this kind.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .text: !text.isEmpty
        case .integer(let range): Int(text).map { range.contains($0) } ?? false
        case .number(let range): Double(text).map { range.contains($0) } ?? false
        case .boolean: Bool(text) != nil
        case .choice(let names): names.contains(text)
        case .partitions: PartitionSelection(text) != nil
        case .pairs: NamedValues(text) != nil
        }
    }
}
