import Testing

@testable import ChurnCore

@Suite("A search in a text")
struct TextSearchTests {
    private static let texts = [
        "", "a", "Bank transfer (automatic)", "automatic", "automati", "(automatic", "aab", "abab", "caf\u{E9}",
        "cafe\u{301}", "e\u{301}", "\u{212A}", "K", "a\r\nb", "a\nb", "\r", "\n", "\u{1F469}\u{200D}\u{1F467}",
    ]
    private static let parts = [
        "", "a", "ab", "b", "aab", "(automatic)", "automatic", "auto", "e", "\u{E9}", "e\u{301}", "K", "\n", "\r",
        "\r\n",
        "\u{301}", "\u{1F469}", "transfer (",
    ]

    @Test("finds what the general search finds, in ASCII and elsewhere", arguments: parts)
    func same(_ part: String) {
        for text in Self.texts {
            #expect(
                TextSearch.finds(part, in: text) == text.contains(part),
                "\(part.debugDescription) in \(text.debugDescription)")
        }
    }
}
