import ChurnCore

/// The policy for rows that repeat a customer or are not complete.
///
/// Two rows that say the same of a customer are read once, whatever the policy.
public struct CustomerFilePolicy: Hashable, Sendable {
    /// The row of one customer that counts, where they differ.
    public enum Duplicates: String, Hashable, Sendable, CaseIterable {
        /// None: an error that names the lines.
        case error
        /// The first.
        case first
        /// The last.
        case last
    }

    /// The treatment of a row with fewer fields than there are columns, without an id, or, where labels are needed,
    /// without a label.
    public enum Incomplete: String, Hashable, Sendable, CaseIterable {
        /// Fields that are not there are missing values; a row without an id or a needed label is left out.
        case keep
        /// Each such row is left out.
        case skip
        /// None: an error that names the line.
        case error
    }

    /// The row of one customer that counts.
    public var duplicates: Duplicates
    /// The treatment of a row that is not complete.
    public var incomplete: Incomplete

    /// Whether a row with a number that no model can read is left out; otherwise it is an error.
    package var skipsUnreadableNumbers = false

    /// Creates a policy.
    public init(duplicates: Duplicates = .error, incomplete: Incomplete = .keep) {
        self.duplicates = duplicates
        self.incomplete = incomplete
    }
}
