/// Texts of one length in ascending order, one after the other: a view of bytes that somebody else holds.
struct SortedTexts {
    /// What is compared first; shorter texts are looked up one by one.
    static let shortest = 8

    private let bytes: UnsafeRawBufferPointer
    private let length: Int
    private let count: Int

    /// - Parameters:
    ///   - bytes: the texts; valid as long as this view.
    ///   - length: of every text, in bytes; at least ``shortest``.
    init(_ bytes: UnsafeRawBufferPointer, length: Int, count: Int) {
        (self.bytes, self.length, self.count) = (bytes, length, count)
    }

    /// Where these texts stand; nil for one that is not among them.
    ///
    /// All are looked for at once, step by step: a search by itself waits for memory at every step, and guesses at every
    /// second one wrongly where it will go on.
    func places(of texts: [String]) -> [Int32?] {
        guard self.count > 0 else { return texts.map { _ in nil } }
        let keys = Keys(texts, length: self.length)
        // The last text that does not stand behind the key, or the first of all.
        var places = [Int](repeating: 0, count: texts.count)
        return keys.bytes.withUnsafeBytes { bytes in
            keys.words.withUnsafeBufferPointer { words in
                places.withUnsafeMutableBufferPointer { self.narrow($0, to: words, bytes) }
            }
            return zip(places, keys.areWhole).enumerated().map { index, found in
                let (place, isWhole) = found
                return isWhole && self.order(of: place, bytes, index) == 0 ? Int32(place) : nil
            }
        }
    }

    private func narrow(
        _ places: UnsafeMutableBufferPointer<Int>, to words: UnsafeBufferPointer<Words>,
        _ keys: UnsafeRawBufferPointer
    ) {
        let isShort = self.length <= 2 * Self.shortest
        var left = self.count
        while left > 1 {
            let half = left / 2
            for index in places.indices {
                let middle = places[index] + half
                // Without a branch: the words of a short text are all of it.
                let (text, key) = (Words(self.bytes, at: middle * self.length, length: self.length), words[index])
                let (isEqual, isAtMost) = (text.first == key.first ? 1 : 0, text.last <= key.last ? 1 : 0)
                var isPassed = (text.first < key.first ? 1 : 0) | (isEqual & isAtMost)
                if !isShort, isEqual == 1 { isPassed = self.order(of: middle, keys, index) <= 0 ? 1 : 0 }
                places[index] += half &* isPassed
            }
            left -= half
        }
    }

    /// How a text stands to a key: below zero where it is before it.
    private func order(of place: Int, _ keys: UnsafeRawBufferPointer, _ index: Int) -> Int {
        for offset in 0..<self.length {
            let (byte, key) = (self.bytes[place * self.length + offset], keys[index * self.length + offset])
            if byte != key { return Int(byte) - Int(key) }
        }
        return 0
    }

    /// The first eight bytes of a text and its last eight, as numbers in the order of texts.
    private struct Words {
        var first: UInt64
        var last: UInt64

        @inline(__always)
        init(_ bytes: UnsafeRawBufferPointer, at offset: Int, length: Int) {
            self.first = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let last = offset + length - SortedTexts.shortest
            self.last = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: last, as: UInt64.self))
        }
    }

    /// Texts that are looked for, in the same form.
    private struct Keys {
        /// Whether a text has the right length; where not, zeros stand for it.
        private(set) var areWhole: [Bool] = []
        private(set) var bytes: [UInt8] = []
        private(set) var words: [Words] = []

        init(_ texts: [String], length: Int) {
            self.areWhole.reserveCapacity(texts.count)
            self.bytes.reserveCapacity(texts.count * length)
            for var text in texts {
                text.withUTF8 { utf8 in
                    self.areWhole.append(utf8.count == length)
                    if utf8.count == length {
                        self.bytes.append(contentsOf: utf8)
                    } else {
                        self.bytes.append(contentsOf: repeatElement(0, count: length))
                    }
                }
            }
            self.words = self.bytes.withUnsafeBytes { bytes in
                texts.indices.map { Words(bytes, at: $0 * length, length: length) }
            }
        }
    }
}
