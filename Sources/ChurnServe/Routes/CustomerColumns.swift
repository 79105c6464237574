import ChurnCore

extension Shape<CustomerState> {
    /// Every column of the `users` table, under its own name.
    static func columns(_ domain: Domain) -> Shape {
        Shape(
            [Field(domain.idColumn) { $0.id }]
                + domain.schema.features.enumerated().map { index, feature in
                    Field(feature.column, schema: feature.answerSchema) { $0.features[index] }
                })
    }
}

extension Field<CustomerState> {
    /// The time of a customer's last event, wherever a customer is shown.
    static var lastActivity: Self {
        Field("last_activity", "The latest of the times that the customer's events carry.") { $0.lastEvent }
    }
}

extension Feature {
    /// Its values in an answer.
    var answerSchema: Schema {
        switch self.type {
        case .numeric: Schema.number().orNull()
        case .boolean: Schema.boolean.orNull()
        case .categorical: Schema.string.orNull()
        }
    }
}
