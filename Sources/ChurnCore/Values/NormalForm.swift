import Foundation

/// Ids that differ only in how Unicode spells a letter are equal to Swift and different to a database.
///
/// Among texts in normal form C the two agree, so ids in any other form are refused where they come in (see
/// Docs/decisions/0004-ids-in-normal-form.md).
extension String {
    /// Whether the text is in Unicode's normal form C, in which texts are equal exactly where their bytes are.
    package var isInNormalForm: Bool {
        // Below U+0300, whose first byte is 0xCC, every character stays as it is.
        self.utf8.allSatisfy { $0 < 0xCC } || self.precomposedStringWithCanonicalMapping.utf8.elementsEqual(self.utf8)
    }
}

extension CustomerState {
    /// Refuses customers whose ids two parts of the system would not compare alike.
    ///
    /// - Throws: `dataRefused`.
    package static func requireNormalForm(_ customers: some Sequence<CustomerState>) throws {
        guard customers.allSatisfy(\.id.isInNormalForm) else {
            throw ChurnError(
                .dataRefused, .reject, during: "import customers",
                advice: "a customer's id is not in Unicode normal form C; write ids in that form")
        }
    }
}
