import ChurnCore

/// Texts of one length in ascending order, one after the other: a view of bytes owned elsewhere.
struct SortedTexts {
    /// The number of bytes that are compared first; shorter texts are looked up one by one.
    static let shortest = 8
    /// The first of each group of this many texts is a landmark; a power of two.
    static let stride = 32

    private let bytes: UnsafeRawBufferPointer
    private let length: Int
    private let count: Int
    private let landmarks: UnsafeBufferPointer<Words>

    /// - Parameters:
    ///   - bytes: the texts; valid as long as this view.
    ///   - length: of every text, in bytes; at least ``shortest``.
    ///   - landmarks: the words of the first text and of each that is ``stride`` behind the one before.
    init(_ bytes: UnsafeRawBufferPointer, length: Int, count: Int, landmarks: UnsafeBufferPointer<Words>) {
        (self.bytes, self.length, self.count, self.landmarks) = (bytes, length, count, landmarks)
    }

    /// Returns the places of these texts; below zero for one that is not among them.
    ///
    /// All are looked for at once, step by step: a search by itself waits for memory at every step, and guesses at every
    /// second one wrongly where it will go on.
    func places(of texts: TextColumn) -> [Int32] {
        guard self.count > 0 else { return [Int32](repeating: IDColumn.noSlot, count: texts.count) }
        return texts.bytes.withUnsafeBytes { bytes in
            // Zeros stand for a text of another length, which is not there.
            let keys = (0..<texts.count).map { index in
                let range = texts.range(of: index)
                return range.count == self.length
                    ? Words(bytes, at: range.lowerBound, length: self.length) : Words(first: 0, last: 0)
            }
            // The last text that does not stand behind the key, or the first of all.
            var places = [Int32](repeating: 0, count: keys.count)
            keys.withUnsafeBufferPointer { keys in
                places.withUnsafeMutableBufferPointer { places in
                    let search = Search(keys: keys, texts: texts, bytes: bytes)
                    self.narrow(places, search)
                    for index in places.indices where !self.holds(Int(places[index]), search, index) {
                        places[index] = IDColumn.noSlot
                    }
                }
            }
            return places
        }
    }

    /// The texts that are looked for.
    private struct Search {
        let keys: UnsafeBufferPointer<Words>
        let texts: TextColumn
        let bytes: UnsafeRawBufferPointer
    }

    /// Goes on among the landmarks first, which lie close together, and then behind the one that was found.
    private func narrow(_ places: UnsafeMutableBufferPointer<Int32>, _ search: Search) {
        var left = self.landmarks.count
        while left > 1 {
            let half = left / 2
            for index in places.indices {
                let middle = Int(places[index]) &+ half
                let isPassed = self.isAtMost(self.landmarks[middle], middle &* Self.stride, search, index)
                places[index] &+= Int32(truncatingIfNeeded: half &* isPassed)
            }
            left -= half
        }
        for index in places.indices { places[index] &*= Int32(Self.stride) }
        var half = Self.stride / 2
        while half > 0 {
            for index in places.indices {
                let middle = Int(places[index]) &+ half
                let place = min(middle, self.count - 1)
                let isPassed = self.isAtMost(self.words(place), place, search, index) & (middle == place ? 1 : 0)
                places[index] &+= Int32(truncatingIfNeeded: half &* isPassed)
            }
            half /= 2
        }
    }

    @inline(__always)
    private func words(_ place: Int) -> Words { Words(self.bytes, at: place &* self.length, length: self.length) }

    /// 1 where a text stands before a key or is it, 0 where not; without a branch for short texts, whose words are all
    /// of them.
    @inline(__always)
    private func isAtMost(_ text: Words, _ place: Int, _ search: Search, _ index: Int) -> Int {
        let key = search.keys[index]
        let (isEqual, isAtMost) = (text.first == key.first ? 1 : 0, text.last <= key.last ? 1 : 0)
        if !self.isShort, isEqual == 1 { return self.order(of: place, search, index) <= 0 ? 1 : 0 }
        return (text.first < key.first ? 1 : 0) | (isEqual & isAtMost)
    }

    private var isShort: Bool { self.length <= 2 * Self.shortest }

    /// Returns whether a text is the one that is looked for.
    private func holds(_ place: Int, _ search: Search, _ index: Int) -> Bool {
        guard search.texts.range(of: index).count == self.length else { return false }
        guard self.isShort else { return self.order(of: place, search, index) == 0 }
        let (text, key) = (self.words(place), search.keys[index])
        return text.first == key.first && text.last == key.last
    }

    /// Returns the order of a text and one that is looked for: below zero where it is before it.
    private func order(of place: Int, _ search: Search, _ index: Int) -> Int {
        let range = search.texts.range(of: index)
        for offset in 0..<min(self.length, range.count) {
            let (byte, key) = (self.bytes[place * self.length + offset], search.bytes[range.lowerBound + offset])
            if byte != key { return Int(byte) - Int(key) }
        }
        return self.length - range.count
    }

    /// The first eight bytes of a text and its last eight, as numbers in the order of texts.
    struct Words {
        var first: UInt64
        var last: UInt64

        init(first: UInt64, last: UInt64) { (self.first, self.last) = (first, last) }

        @inline(__always)
        init(_ bytes: UnsafeRawBufferPointer, at offset: Int, length: Int) {
            self.first = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let last = offset &+ length &- SortedTexts.shortest
            self.last = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: last, as: UInt64.self))
        }
    }
}
