import ChurnCore

/// The marks before the decimals and between the thousands of a file's numbers, as far as its separator implies.
///
/// One answer for the whole file: a value is never read by what its neighbours look like.
package enum NumberMarks: Sendable {
    /// Commas separate the fields, so a comma within a number, in quotes, groups thousands.
    case groupingCommas
    /// Semicolons separate the fields, so a comma is free to stand before the decimals; a point may, too.
    case decimalCommas
    /// The separator says nothing of commas.
    case unknown

    init(delimiter: UInt8) {
        switch delimiter {
        case UInt8(ascii: ","): self = .groupingCommas
        case UInt8(ascii: ";"): self = .decimalCommas
        default: self = .unknown
        }
    }

    /// The remedy for a number that is not read.
    var advice: String {
        switch self {
        case .groupingCommas:
            "where commas separate the fields, a comma groups thousands and a point stands before decimals: write "
                + "every number of the column like 1234.5 or \"1,234.5\""
        case .decimalCommas:
            "where semicolons separate the fields, a comma or a point stands before decimals and neither groups "
                + "thousands: write every number of the column like 1234,5 or 1 234,5"
        case .unknown:
            "a point stands before decimals, and one comma alone may mean either: write every number of the column "
                + "like 1234.5 or 1,234.50"
        }
    }
}
