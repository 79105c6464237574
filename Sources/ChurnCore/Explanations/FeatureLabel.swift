/// A feature's name in a sentence.
///
/// The domain file's label, or the name split up: `MonthlyCharges` is "monthly charges", `StreamingTV` is
/// "streaming TV". A name with blanks is split up already.
struct FeatureLabel: Sendable {
    /// In the middle of a sentence.
    let text: String

    init(_ feature: Feature) {
        if feature.label == feature.name, feature.name.contains(" ") {
            // This was written to be read: `Total day minutes`, and `Day Charge`, whose words all are names.
            let words = feature.name.split(separator: " ")
            let isSentence = !words.dropFirst().contains { $0.first?.isUppercase == true }
            self.text = isSentence ? Self.sentence(words) : feature.name
        } else if feature.label == feature.name {
            self.text = Self.words(of: feature.name).map(Self.spoken).joined(separator: " ")
        } else {
            self.text = Self.sentence(feature.label.split(separator: " "))
        }
    }

    private static func sentence(_ words: [Substring]) -> String {
        (words.prefix(1).map(Self.spoken) + words.dropFirst().map(String.init)).joined(separator: " ")
    }

    /// Splits at underscores, hyphens and blanks, before a capital that follows a small letter, and before the last of
    /// several capitals that a small letter follows.
    private static func words(of name: String) -> [Substring] {
        name.split { "_- .".contains($0) }.flatMap { part -> [Substring] in
            var words: [Substring] = []
            var start = part.startIndex
            for index in part.indices.dropFirst() where part[index].isUppercase {
                let next = part.index(after: index)
                let endsAcronym = next < part.endIndex && part[next].isLowercase
                if part[part.index(before: index)].isUppercase, !endsAcronym { continue }
                words.append(part[start..<index])
                start = index
            }
            return words + [part[start...]]
        }
    }

    /// A word without its capital, unless it is an acronym.
    private static func spoken(_ word: some StringProtocol) -> String {
        word.count > 1 && word.dropFirst().contains(where: \.isUppercase) ? String(word) : word.lowercased()
    }
}
