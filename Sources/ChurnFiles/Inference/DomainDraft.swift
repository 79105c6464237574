import ChurnCore

/// A domain file in the making.
struct DomainDraft {
    /// A feature with what is written about it.
    struct DraftFeature {
        var feature: Feature
        var note: String?
    }

    private(set) var features: [DraftFeature] = []
    private(set) var ignored: [(name: String, reason: String)] = []
    private(set) var id = DomainFileReader.Identifier(name: "", column: "")
    private(set) var label = LabelColumn(name: "", positive: "", negative: "")
    private(set) var labelNote: String?
    private(set) var segment = ""
    private(set) var otherSegments: [String] = []
    /// What a customer pays; nil where no column says it.
    private(set) var value: String?
    private(set) var otherValues: [String] = []
    private(set) var tenure: String?
    private(set) var actions: [DraftAction] = []
    /// Features that follow from others.
    private(set) var links: [DraftLinks.Link] = []
    /// Features that staff may be able to change.
    private(set) var levers: [(feature: Feature, identifier: String)] = []
    let profile: FileProfile
    let name: String
    /// The tool that the file's first line names.
    let maker: String?
    var remarks: [InferenceRemark] = []

    static func make(
        _ profile: FileProfile, _ options: DomainInferenceOptions
    ) -> Result<DomainDraft, CustomerFileFaults> {
        var draft = DomainDraft(profile: profile, options)
        do throws(CustomerFileFaults) {
            try draft.fill(options)
        } catch {
            return .failure(error)
        }
        return .success(draft)
    }

    private init(profile: FileProfile, _ options: DomainInferenceOptions) {
        self.profile = profile
        self.maker = options.maker
        let named = CSVField.name(options.name)
        self.name = named.isEmpty ? "customers" : named
    }

    private mutating func fill(_ options: DomainInferenceOptions) throws(CustomerFileFaults) {
        guard let labelIndex = self.profile.index(of: options.label) else {
            throw CustomerFileFaults(texts: ["there is no column '\(options.label)'"])
        }
        let idIndex = options.id.flatMap { self.profile.index(of: $0) }
        if idIndex == labelIndex { throw CustomerFileFaults(texts: ["the id and the label are the same column"]) }
        (self.label, self.labelNote) = try LabelProfile.label(
            self.profile.columns[labelIndex], positive: options.positive)
        guard ([self.label.positive] + self.label.negatives).allSatisfy(DomainFileText.canWrite) else {
            throw CustomerFileFaults(texts: [
                "a value of the label '\(options.label)' has a control character; take it out of the file"
            ])
        }
        var taken: Set<String> = []
        self.id = self.identifier(idIndex)
        if let note = self.labelNote {
            self.remarks.append(
                InferenceRemark("label '\(self.label.positive)' means left: \(note)", code: .labelUnclear))
        }
        self.remarks += InferenceRemarks.columns(self.profile, id: idIndex, label: labelIndex)
        taken.insert(self.id.column)
        var kept: [ColumnRoles.Candidate] = []
        for (index, column) in self.profile.columns.enumerated() where index != labelIndex && index != idIndex {
            if let candidate = self.judge(column, at: index, label: labelIndex, taken: &taken) {
                kept.append(candidate)
            }
        }
        if let (problem, advice) = TableLimits.fault(self.features.map(\.feature)) {
            throw CustomerFileFaults(texts: ["\(problem); \(advice)"])
        }
        try self.chooseRoles(ColumnRoles(candidates: kept))
        self.links = DraftLinks.find(self)
        self.actions = DraftAction.guess(self, labelIndex: labelIndex)
    }

    private func identifier(_ index: Int?) -> DomainFileReader.Identifier {
        if let index {
            let name = self.profile.columns[index].name
            let column = ColumnWords.column(for: name, avoiding: [])
            // The API has a customer_id of its own; without the mark between the words the name stays as short.
            let own = column == "customer_id_2" ? "customerid" : column
            return DomainFileReader.Identifier(name: name, column: own)
        }
        let names = Set(self.profile.columns.map { $0.name.lowercased() })
        let free =
            ["customer_number", "row_number", "customer_row_number"].first { !names.contains($0) } ?? "own_row_number"
        return DomainFileReader.Identifier(name: free, column: free, isRowNumber: true)
    }

    /// Adds a column as a feature, or to those that are left out.
    private mutating func judge(
        _ column: ColumnProfile, at index: Int, label: Int, taken: inout Set<String>
    ) -> ColumnRoles.Candidate? {
        guard !column.name.isEmpty else {
            self.remarks.append("column \(index + 1) has no name and is left out")
            return nil
        }
        let same = self.profile.columns[..<index].first { !$0.name.isEmpty && $0.digest == column.digest }
        if let same, self.profile.columns[label].name != same.name {
            self.ignored.append((column.name, "every row has the same value as in \(same.name)"))
            return nil
        }
        switch ColumnVerdict.of(column, marks: self.profile.marks) {
        case .ignored(let reason):
            self.ignored.append((column.name, reason))
            if column.ambiguous > 0 || column.dates > 0 || reason.hasPrefix("dates") {
                self.remarks.append("column '\(column.name)' is left out: \(reason)")
            }
            return nil
        case .feature(let type, var note):
            var isDoubtful = column.linesTooLarge.count > 0
            let rows = self.profile.sample.filter { !CSVField.isMissing($0[label]) }
            let check = LeakCheck(
                labels: rows.map { self.label.meaning(of: $0[label]) == true },
                marks: self.profile.marks)
            let finding = check.finding(
                rows.map { $0[index] }, name: column.name, labelName: self.label.name, isNumeric: type == .numeric)
            switch finding {
            case .leak(let reason):
                self.ignored.append((column.name, "leaks the label: \(reason)"))
                self.remarks.append("column '\(column.name)' is left out, since it leaks the label: \(reason)")
                return nil
            case .strong(let remark):
                isDoubtful = true
                note = [note, remark].compactMap { $0 }.joined(separator: "; ")
                self.remarks.append("column '\(column.name)': \(remark)")
            case nil: break
            }
            let sqlName = ColumnWords.column(for: column.name, avoiding: taken)
            taken.insert(sqlName)
            let title = ColumnWords.title(of: column.name, isClaim: type == .boolean)
            self.features.append(
                DraftFeature(
                    feature: Feature(
                        name: column.name, column: sqlName, type: type,
                        encoding: type == .categorical ? .oneHot : .numeric,
                        categories: type == .categorical ? Self.categories(column) : [],
                        label: title.isEmpty ? nil : title),
                    note: note))
            return ColumnRoles.Candidate(column: column, type: type, isDoubtful: isDoubtful)
        }
    }

    /// The categories in the order of their UTF-8, the most frequent where there are too many; none where one cannot be
    /// written.
    static func categories(_ column: ColumnProfile) -> [String] {
        let categories = ColumnVerdict.frequent(column)
        return categories.allSatisfy(DomainFileText.canWrite) ? categories : []
    }

    private mutating func chooseRoles(_ roles: ColumnRoles) throws(CustomerFileFaults) {
        let segments = roles.segments
        if let best = segments.first {
            self.segment = best.column.name
            self.otherSegments = segments.dropFirst().prefix(4).map(\.column.name)
            self.makeCategorical(best.column)
        } else if let few = roles.candidates.filter({ $0.column.hasAllValues && $0.column.distinct <= 1_000 })
            .min(by: { $0.column.distinct < $1.column.distinct }), roles.candidates.count > 1
        {
            self.segment = few.column.name
            self.makeCategorical(few.column)
        } else {
            throw CustomerFileFaults(texts: [
                "no column groups customers; a domain needs one, such as a plan or a region"
            ])
        }
        let values = roles.values.filter { $0.column.name != self.segment }
        if let best = values.first {
            self.value = best.column.name
            self.otherValues = values.dropFirst().prefix(4).map(\.column.name)
        } else {
            self.remarks.append("no column is a number that says what a customer pays: no figure will be of money")
        }
        self.tenure = roles.tenure?.column.name
        let names = Set(roles.levers.map(\.column.name))
        var taken: Set<String> = []
        for feature in self.features.map(\.feature) where names.contains(feature.name) {
            let words = ColumnWords(feature.name).words.joined(separator: " ")
            let identifier = ColumnWords.column(for: words, avoiding: taken)
            taken.insert(identifier)
            self.levers.append((feature, identifier))
        }
    }

    private mutating func makeCategorical(_ column: ColumnProfile) {
        self.change(column.name) { feature in
            feature.type = .categorical
            feature.encoding = .oneHot
            feature.categories = Self.categories(column)
        }
    }

    private mutating func change(_ name: String, _ body: (inout Feature) -> Void) {
        guard let index = self.features.firstIndex(where: { $0.feature.name == name }) else { return }
        body(&self.features[index].feature)
    }
}
