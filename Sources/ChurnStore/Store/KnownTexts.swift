/// A few texts that are expected, as bytes, so that reading one of them makes no new text.
struct KnownTexts<Value: Sendable>: Sendable {
    private let bytes: [UInt8]
    private let ends: [Int]
    private let values: [Value]

    init(_ texts: [(text: String, value: Value)]) {
        var (bytes, ends): ([UInt8], [Int]) = ([], [])
        for (text, _) in texts {
            bytes += text.utf8
            ends.append(bytes.count)
        }
        (self.bytes, self.ends, self.values) = (bytes, ends, texts.map(\.value))
    }

    /// The value of a text; nil for one that was not expected.
    func value(of text: UnsafeRawBufferPointer) -> Value? {
        let place = self.bytes.withUnsafeBytes { bytes -> Int? in
            var start = 0
            for (place, end) in self.ends.enumerated() {
                let known = start..<end
                start = end
                if known.count == text.count, UnsafeRawBufferPointer(rebasing: bytes[known]).elementsEqual(text) {
                    return place
                }
            }
            return nil
        }
        return place.map { self.values[$0] }
    }
}
