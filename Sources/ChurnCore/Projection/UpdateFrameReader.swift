/// Reads out of a contract's frame what a projection needs to know.
package enum UpdateFrameReader {
    /// Whose update it is, and the score; nil for a frame that does not say.
    package static func score(in frame: ArraySlice<UInt8>) -> (customerID: String, probability: Double)? {
        frame.withUnsafeBufferPointer { bytes in
            var payload: Range<Int>?
            var scanner = JSONScanner(bytes)
            let reader = scanner
            try? scanner.scanDocument { name, value in
                if value.kind == .object, reader.text(name) == "payload" { payload = value.range }
            }
            guard let payload else { return nil }
            let inner = UnsafeBufferPointer(rebasing: bytes[payload])
            var customerID: String?
            var probability: Double?
            var members = JSONScanner(inner)
            let texts = members
            try? members.scanDocument { name, value in
                switch (texts.text(name), value.kind) {
                case ("user_id", .string): customerID = texts.text(value)
                case ("churn_probability", .number): probability = texts.number(value)
                default: break
                }
            }
            guard let customerID, let probability else { return nil }
            return (customerID, probability)
        }
    }
}
