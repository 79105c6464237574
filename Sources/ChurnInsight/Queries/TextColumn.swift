/// Texts one after the other in one stretch of bytes: many of them are two arrays, and none of them a value of its own.
public struct TextColumn: Sendable {
    /// The UTF-8 of all texts.
    public private(set) var bytes: [UInt8] = []
    /// The end of each text.
    public private(set) var ends: [Int] = []

    /// Creates a column without texts, with room for this many texts and bytes.
    public init(texts: Int = 0, bytes: Int = 0) {
        self.ends.reserveCapacity(texts)
        self.bytes.reserveCapacity(bytes)
    }

    /// The number of texts.
    public var count: Int { self.ends.count }

    /// A text; bytes that are no UTF-8 are replaced in it.
    public subscript(index: Int) -> String { String(decoding: self.bytes[self.range(of: index)], as: UTF8.self) }

    /// Returns the place of a text's bytes.
    @inlinable
    public func range(of index: Int) -> Range<Int> {
        (index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]
    }

    /// Adds a text by its UTF-8.
    public mutating func append(_ utf8: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: utf8)
        self.ends.append(self.bytes.count)
    }

    /// Adds a text.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { self.append(UnsafeRawBufferPointer($0)) }
    }
}
