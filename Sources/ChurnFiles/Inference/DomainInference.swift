public import ChurnCore

/// A first domain file, made from a CSV file of customers.
public struct InferredDomain: Sendable {
    /// The domain file's text, with comments that say what was guessed and what was left out.
    public let yaml: String
    /// The domain that the text describes.
    public let domain: Domain
    /// The remarks for a person to check, one sentence each.
    public let remarks: [InferenceRemark]
}

/// A person's choices for a file from which a domain is inferred.
public struct DomainInferenceOptions: Hashable, Sendable {
    /// The domain's name.
    public var name: String
    /// The id column; nil where rows are to be numbered.
    public var id: String?
    /// The label column.
    public var label: String
    /// The label's value that means "left"; nil to guess it.
    public var positive: String?
    /// The tool that the domain file's first line names; nil for none.
    public var maker: String?

    /// Creates options.
    public init(
        name: String, id: String? = nil, label: String, positive: String? = nil, maker: String? = nil
    ) {
        self.name = name
        self.id = id
        self.label = label
        self.positive = positive
        self.maker = maker
    }
}

extension InferredDomain {
    /// Makes a domain file from a CSV file, which is read whole.
    ///
    /// - Throws: ``/ChurnCore/ChurnError/Code/invalidFile`` where the file is no CSV, has a column twice, lacks a column that was
    ///   named, or no domain can be made of it; ``/ChurnCore/ChurnError/Code/labelUnclear`` where it needs the value that means
    ///   "left".
    public static func infer(path: String, options: DomainInferenceOptions) throws -> InferredDomain {
        try Self.infer(options) { try CSVReader(path: path) }
    }

    /// Makes a domain file from an input, as ``infer(path:options:)`` from a file.
    package static func infer(_ input: CSVInput, options: DomainInferenceOptions) throws -> InferredDomain {
        try Self.infer(options) { try input.reader() }
    }

    /// Makes a domain file from the bytes of a CSV file; `file` stands for its name in errors.
    public static func infer(bytes: [UInt8], file: String, options: DomainInferenceOptions) throws -> InferredDomain {
        try Self.infer(options) { CSVReader(bytes: bytes, name: file) }
    }

    private static func infer(_ options: DomainInferenceOptions, open: () throws -> CSVReader) throws -> InferredDomain
    {
        let profile = try FileProfile(reading: open(), id: options.id, label: options.label)
        var draft: DomainDraft
        switch DomainDraft.make(profile, options) {
        case .success(let made): draft = made
        case .failure(let faults):
            throw ChurnError(
                faults.code, .fatal, during: "infer a domain",
                advice: "\(profile.name): \(faults.texts.joined(separator: "; "))")
        }
        draft.remarks += try Self.reading(Domain(yaml: draft.yaml, file: "inferred domain"), open)
        return InferredDomain(
            yaml: draft.yaml, domain: try Domain(yaml: draft.yaml, file: "inferred domain"), remarks: draft.remarks)
    }

    /// Returns the result of reading the file by its domain.
    private static func reading(_ domain: Domain, _ open: () throws -> CSVReader) throws -> [InferenceRemark] {
        var file = try CustomerFile(
            domain: domain, label: .required, policy: CustomerFilePolicy(duplicates: .first), open: open)
        do {
            while try file.next() != nil {}
        } catch let error as ChurnError {
            return ["reading it as it is will stop: \(error.advice)"]
        }
        var remarks = file.notes.sentences(policy: CustomerFilePolicy(duplicates: .first)).map { InferenceRemark($0) }
        if file.notes.replaced.count > 0 {
            remarks.append(
                InferenceRemark(
                    "customers with rows that differ need a choice of the first or the last row when the file is read",
                    code: .customerRepeated))
        }
        return remarks
    }
}
