import ChurnCore

/// Counts words that no language of Windows-1252 writes so: signs that a file is of another encoding.
///
/// Cyrillic, Central European and Chinese letters become Western ones when they are read as Windows-1252. The words that
/// come out combine letters of several languages, have capitals or signs in the middle, or rows of accents.
struct LetterDoubt {
    /// The accented letters of each language, in lower case.
    private static let alphabets: [Set<Character>] = [
        Set("äöüßé"), Set("àâçèéêëîïôœùûüÿñ"), Set("áéíñóúüç"), Set("àáâãçéêíóôõúü"), Set("àèéìíîòóùú"),
        Set("åæøéäöüóô"),
        Set("åäöéüšžà"), Set("áðéíóúýþæö"), Set("áéëíïóöüèêúàä"), Set("àçèéíïòóúü"), Set("äöõüšž"),
    ]
    /// Signs that stand between letters in no word.
    private static let signs: Set<Character> = Set("¡¢£¤¥¦¨¬¯±²³µ¶¸¹«»¼½¾¿‚ƒ„†‡ˆ‰‹›˜÷×")

    private var words = 0
    private var strange = 0

    /// Whether a fifth of the words is strange: the file is of another encoding.
    var isLarge: Bool { self.strange >= 2 && self.strange * 5 >= self.words }
    /// The same at the end of a file, which may have one word only.
    var isLargeAtEnd: Bool { self.isLarge || (self.strange > 0 && self.strange * 2 >= self.words) }

    /// Takes the text of a field.
    mutating func take(_ text: String) {
        var word: [Character] = []
        for character in text {
            if character.isLetter || Self.signs.contains(character) {
                word.append(character)
            } else {
                self.take(word: word)
                word = []
            }
        }
        self.take(word: word)
    }

    private mutating func take(word: [Character]) {
        var word = word[...]
        // Around a word signs are quotes, currencies and the like.
        while let first = word.first, Self.signs.contains(first) { word.removeFirst() }
        while let last = word.last, Self.signs.contains(last) { word.removeLast() }
        guard word.contains(where: { !$0.isASCII }) else { return }
        self.words += 1
        if Self.isStrange(Array(word)) { self.strange += 1 }
    }

    private static func isStrange(_ word: [Character]) -> Bool {
        if word.contains(where: Self.signs.contains) { return true }
        var accents = 0
        for (index, character) in word.enumerated() {
            accents = character.isASCII ? 0 : accents + 1
            if accents >= 3 { return true }
            if index > 0, !character.isASCII, character.isUppercase, word[index - 1].isLowercase { return true }
        }
        let letters = Set(word.filter { !$0.isASCII }.flatMap { $0.lowercased() })
        return !Self.alphabets.contains { letters.isSubset(of: $0) }
    }
}
