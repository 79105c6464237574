/// Looks for a text in another one, as `String.contains` does, at a fraction of its cost where both are plain ASCII.
///
/// Conditions look at every event, and the general search walks over characters and their canonical forms.
enum TextSearch {
    /// Returns whether the text contains the part, character by character.
    static func finds(_ part: String, in text: String) -> Bool {
        self.findsBytes(part, in: text) ?? text.contains(part)
    }

    /// The answer by bytes; nil where bytes do not decide it.
    ///
    /// In ASCII every byte is a character but for CR and LF, which together are one.
    private static func findsBytes(_ part: String, in text: String) -> Bool? {
        let found = part.utf8.withContiguousStorageIfAvailable { part in
            text.utf8.withContiguousStorageIfAvailable { text in self.finds(part, in: text) }
        }
        return (found ?? nil) ?? nil
    }

    private static func finds(
        _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>
    ) -> Bool? {
        func isPlain(_ byte: UInt8) -> Bool { byte < 0x80 && byte != 0x0D }
        guard let first = part.first, part.allSatisfy(isPlain), text.allSatisfy(isPlain) else { return nil }
        guard part.count <= text.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == first {
            var length = 1
            while length < part.count, text[start + length] == part[length] { length += 1 }
            if length == part.count { return true }
        }
        return false
    }
}
