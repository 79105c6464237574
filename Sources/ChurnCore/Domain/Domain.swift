/// An event type of the business, with the simulator's weight and its effect.
public struct EventRule: Hashable, Sendable {
    /// The event type.
    public var type: EventType
    /// The simulator's frequency of it, relative to the others.
    public var weight: Double
    /// The `details` that the simulator writes.
    public var details: String
    /// The effect on the customer.
    public var effect: EventEffect
    /// The outcome that it reports: whether the customer left; nil where it reports none.
    public var hasChurned: Bool?

    /// Creates a rule.
    public init(
        type: EventType, weight: Double, details: String, effect: EventEffect, hasChurned: Bool? = nil
    ) {
        self.type = type
        self.weight = weight
        self.details = details
        self.effect = effect
        self.hasChurned = hasChurned
    }
}

/// Something that staff can do for a customer, as the feature changes that it would bring.
public struct StaffAction: Hashable, Sendable {
    /// The action's id in the API and the intervention log.
    public var id: String
    /// The title that a person reads.
    public var title: String
    /// The action's benefit, as a part of a sentence, such as `One-year contract`.
    public var label: String
    /// The changes that it would bring.
    public var effect: EventEffect
    /// The amount that it costs once, in the currency of the value feature.
    public var cost = 0.0
    /// The number of months over which its gain is counted.
    public var months = 1.0

    /// Creates an action.
    ///
    /// - `label`: nil for the title.
    public init(id: String, title: String, effect: EventEffect, label: String? = nil) {
        self.id = id
        self.title = title
        self.label = label ?? title
        self.effect = effect
    }
}

/// The column that training learns.
public struct LabelColumn: Hashable, Sendable {
    /// The column's name in training files.
    public var name: String
    /// The value that means "left".
    public var positive: String
    /// The value that means "stayed".
    public var negative: String
    /// More values that mean "stayed", such as "joined".
    public var otherNegatives: [String]

    /// All values that mean "stayed".
    public var negatives: [String] { [self.negative] + self.otherNegatives }

    /// Creates a label column.
    public init(name: String, positive: String, negative: String, otherNegatives: [String] = []) {
        self.name = name
        self.positive = positive
        self.negative = negative
        self.otherNegatives = otherNegatives
    }
}

/// A field of an update's payload that shows a feature, so that a dashboard can draw without a second request.
public struct UpdateField: Hashable, Sendable {
    /// The field's name in the payload.
    public var name: String
    /// The feature that it shows; an index in the schema.
    public var feature: Int

    /// Creates a field.
    public init(name: String, feature: Int) {
        self.name = name
        self.feature = feature
    }
}

/// A customer base: everything that another business would describe differently.
///
/// Read from a domain file, which is checked as a whole. The `users` table, the encoder, training, the simulator,
/// recommended actions and the API's names derive from it.
public struct Domain: Hashable, Sendable {
    /// The domain's name.
    public var name: String
    /// The name of the customer id in training and import files.
    public var idName: String
    /// The column of the customer id in the `users` table.
    public var idColumn: String
    /// Whether a file without the id's column is one whose rows are numbered, from 1.
    public var numbersRows: Bool
    /// Columns that files may have and that say nothing of a customer.
    public var ignoredColumns: [String]
    /// The label.
    public var label: LabelColumn
    /// The features.
    public var schema: FeatureSchema
    /// The feature by which customers are grouped; an index in the schema.
    public var segmentFeature: Int
    /// The feature that says what a customer pays each month; an index in the schema, nil where none does: then no
    /// figure is of money.
    public var valueFeature: Int?
    /// The feature that says for how many months a customer has been one; an index in the schema, nil where none
    /// does.
    public var tenureFeature: Int?
    /// The rules of events, by type.
    public var events: [EventType: EventRule]
    /// The event types in the order of the file.
    public var eventOrder: [EventType]
    /// The actions of staff, in the order of the file.
    public var actions: [StaffAction]
    /// The limits of the bands.
    public var bands: RiskBands
    /// The features that an update's payload shows, in the order of the file.
    public var updateFields: [UpdateField]
    /// The policy that decides which scores are alerts.
    public var alerts: AlertPolicy
    /// The training settings, as far as the file has them.
    public var training: TrainingSettings
    /// Features that follow from others, in the order of the file.
    public var links: [FeatureLink] = []
    /// The way in which amounts of money are written.
    public var currency = Currency()

    /// Creates a domain from parts that were checked.
    ///
    /// - `idColumn`: the column of the customer id; nil for its lower-case name.
    public init(
        name: String, idName: String, label: LabelColumn, schema: FeatureSchema, segmentFeature: Int,
        valueFeature: Int?, tenureFeature: Int? = nil, rules: [EventRule], actions: [StaffAction], bands: RiskBands,
        updateFields: [UpdateField] = [], alerts: AlertPolicy = AlertPolicy(),
        idColumn: String? = nil, numbersRows: Bool = false, ignoredColumns: [String] = [],
        training: TrainingSettings = TrainingSettings()
    ) {
        self.name = name
        self.idName = idName
        self.idColumn = idColumn ?? idName.lowercased()
        self.numbersRows = numbersRows
        self.ignoredColumns = ignoredColumns
        self.label = label
        self.schema = schema
        self.segmentFeature = segmentFeature
        self.valueFeature = valueFeature
        self.tenureFeature = tenureFeature
        self.events = Dictionary(rules.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
        self.eventOrder = rules.map(\.type)
        self.actions = actions
        self.bands = bands
        self.updateFields = updateFields
        self.alerts = alerts
        self.training = training
    }

    /// Returns what a customer with these features pays each month; nil where that is not known.
    package func value(of features: [FeatureValue]) -> Double? {
        self.valueFeature.flatMap { features[$0].numberValue }
    }
}
