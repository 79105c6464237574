extension Domain {
    /// The customer base of a telephone and internet provider, the default: the columns of the public Telco churn data.
    public static let telco = Domain(
        name: "telco", idName: "customerID", label: LabelColumn(name: "Churn", positive: "Yes", negative: "No"),
        schema: FeatureSchema(features: TelcoFeature.allCases.map(\.feature)),
        segmentFeature: TelcoFeature.contract.rawValue, valueFeature: TelcoFeature.monthlyCharges.rawValue,
        tenureFeature: TelcoFeature.tenure.rawValue, rules: TelcoRules.events, actions: TelcoRules.actions,
        bands: RiskBands(critical: 0.85, high: 0.70, medium: 0.40),
        updateFields: [
            UpdateField(name: "contract_type", feature: TelcoFeature.contract.rawValue),
            UpdateField(name: "tenure", feature: TelcoFeature.tenure.rawValue),
            UpdateField(name: "monthly_charges", feature: TelcoFeature.monthlyCharges.rawValue),
            UpdateField(name: "total_charges", feature: TelcoFeature.totalCharges.rawValue),
            UpdateField(name: "techsupport", feature: TelcoFeature.techSupport.rawValue),
        ],
        alerts: AlertPolicy(threshold: 0.70))
}

/// The features of the Telco domain in the order of its schema.
private enum TelcoFeature: Int, CaseIterable {
    case gender, seniorCitizen, partner, dependents, tenure, phoneService, multipleLines, internetService
    case onlineSecurity, onlineBackup, deviceProtection, techSupport, streamingTV, streamingMovies
    case contract, paperlessBilling, paymentMethod, monthlyCharges, totalCharges

    var feature: Feature {
        let noYes = ["No", "Yes"]
        let internet = ["No", "No internet service", "Yes"]
        return switch self {
        case .gender: Self.immutable(Self.categorical("gender", ["Female", "Male"]))
        case .seniorCitizen: Self.numeric("SeniorCitizen", to: 1)
        case .partner: Self.categorical("Partner", noYes)
        case .dependents: Self.categorical("Dependents", noYes)
        case .tenure: Self.numeric("tenure")
        case .phoneService: Self.categorical("PhoneService", noYes)
        case .multipleLines: Self.categorical("MultipleLines", ["No", "No phone service", "Yes"])
        case .internetService: Self.categorical("InternetService", ["DSL", "Fiber optic", "No"])
        case .onlineSecurity: Self.categorical("OnlineSecurity", internet)
        case .onlineBackup: Self.categorical("OnlineBackup", internet)
        case .deviceProtection: Self.categorical("DeviceProtection", internet)
        case .techSupport: Self.categorical("TechSupport", internet)
        case .streamingTV: Self.categorical("StreamingTV", internet)
        case .streamingMovies: Self.categorical("StreamingMovies", internet)
        case .contract: Self.categorical("Contract", ["Month-to-month", "One year", "Two year"], .ordinal)
        case .paperlessBilling: Self.categorical("PaperlessBilling", noYes)
        case .paymentMethod:
            Self.categorical(
                "PaymentMethod",
                ["Bank transfer (automatic)", "Credit card (automatic)", "Electronic check", "Mailed check"])
        case .monthlyCharges: Self.numeric("MonthlyCharges")
        case .totalCharges: Self.numeric("TotalCharges")
        }
    }

    private static func numeric(_ name: String, to maximum: Double? = nil) -> Feature {
        var feature = Feature(name: name, column: name.lowercased(), type: .numeric, encoding: .numeric)
        (feature.minimum, feature.maximum) = (0, maximum)
        return feature
    }

    private static func immutable(_ feature: Feature) -> Feature {
        var feature = feature
        feature.isImmutable = true
        return feature
    }

    private static func categorical(
        _ name: String, _ categories: [String], _ encoding: FeatureEncoding = .oneHot
    ) -> Feature {
        Feature(
            name: name, column: name.lowercased(), type: .categorical, encoding: encoding, categories: categories)
    }

    func holds(_ test: FeatureCondition.Test) -> FeatureCondition {
        FeatureCondition(feature: self.rawValue, test: test)
    }

    func becomes(_ text: String) -> FeatureStep { FeatureStep(feature: self.rawValue, operation: .set(.text(text))) }

    func rises(by amount: Double) -> FeatureStep { FeatureStep(feature: self.rawValue, operation: .add(amount)) }

    func rises(by other: Self) -> FeatureStep {
        FeatureStep(feature: self.rawValue, operation: .addFeature(other.rawValue))
    }
}

/// The effects of the Telco domain's events and actions.
private enum TelcoRules {
    static let events = [
        Self.event(
            "contract_downgrade", 0.25, "Switched to Month-to-month", [TelcoFeature.contract.becomes("Month-to-month")]),
        Self.event(
            "removed_online_security", 0.20, "Removed online security",
            when: TelcoFeature.onlineSecurity.holds(.equals(.text("Yes"))),
            [TelcoFeature.onlineSecurity.becomes("No"), TelcoFeature.monthlyCharges.rises(by: -5)]),
        Self.event(
            "cancelled_autopay", 0.15, "Cancelled automatic payment",
            when: TelcoFeature.paymentMethod.holds(.contains("(automatic)")),
            [TelcoFeature.paymentMethod.becomes("Mailed check")]),
        Self.event(
            "contract_upgrade", 0.10, "Switched to One year",
            when: TelcoFeature.contract.holds(.equals(.text("Month-to-month"))),
            [TelcoFeature.contract.becomes("One year")]),
        Self.event(
            "added_tech_support", 0.10, "Added tech support",
            when: TelcoFeature.techSupport.holds(.equals(.text("No"))),
            [TelcoFeature.techSupport.becomes("Yes"), TelcoFeature.monthlyCharges.rises(by: 5)]),
        Self.event(
            "enabled_autopay", 0.10, "Enabled automatic payment",
            when: TelcoFeature.paymentMethod.holds(.lacks("(automatic)")),
            [TelcoFeature.paymentMethod.becomes("Credit card (automatic)")]),
        Self.event(
            "monthly_anniversary", 0.10, "One more month",
            [TelcoFeature.tenure.rises(by: 1), TelcoFeature.totalCharges.rises(by: .monthlyCharges)]),
    ]

    static let actions = [
        Self.action(
            "offer_one_year_contract", "Offer a one-year contract", "One-year contract",
            when: TelcoFeature.contract.holds(.equals(.text("Month-to-month"))),
            [TelcoFeature.contract.becomes("One year")]),
        Self.action(
            "offer_two_year_contract", "Offer a two-year contract", "Two-year contract",
            when: TelcoFeature.contract.holds(.differs(.text("Two year"))), [TelcoFeature.contract.becomes("Two year")]),
        Self.action(
            "offer_tech_support", "Offer tech support", "Tech support",
            when: TelcoFeature.techSupport.holds(.equals(.text("No"))),
            [TelcoFeature.techSupport.becomes("Yes"), TelcoFeature.monthlyCharges.rises(by: 5)]),
        Self.action(
            "offer_online_security", "Offer online security", "Online security",
            when: TelcoFeature.onlineSecurity.holds(.equals(.text("No"))),
            [TelcoFeature.onlineSecurity.becomes("Yes"), TelcoFeature.monthlyCharges.rises(by: 5)]),
        Self.action(
            "help_enable_autopay", "Help to enable automatic payment", "Automatic payment",
            when: TelcoFeature.paymentMethod.holds(.lacks("(automatic)")),
            [TelcoFeature.paymentMethod.becomes("Credit card (automatic)")]),
        Self.action(
            "offer_discount", "Offer a discount of 10 a month", "Discount of 10 a month",
            [TelcoFeature.monthlyCharges.rises(by: -10)]),
    ]

    private static func event(
        _ type: String, _ weight: Double, _ details: String, when condition: FeatureCondition? = nil,
        _ steps: [FeatureStep]
    ) -> EventRule {
        EventRule(
            type: EventType(rawValue: type), weight: weight, details: details,
            effect: EventEffect(conditions: condition.map { [$0] } ?? [], steps: steps))
    }

    private static func action(
        _ id: String, _ title: String, _ label: String, when condition: FeatureCondition? = nil, _ steps: [FeatureStep]
    ) -> StaffAction {
        StaffAction(
            id: id, title: title, effect: EventEffect(conditions: condition.map { [$0] } ?? [], steps: steps),
            label: label)
    }
}
