import ChurnCore

extension Domain {
    /// ``Domain/telco`` as a domain file, to start from.
    public static let telcoFile = """
        # The customer base of a telephone and internet provider (the public Telco churn columns).
        name: telco
        id: customerID
        label: {column: Churn, positive: "Yes", negative: "No"}
        segment: Contract
        value: MonthlyCharges
        tenure: tenure

        features:
          - {name: gender, type: categorical, categories: [Female, Male]}
          - {name: SeniorCitizen, type: numeric}
          - {name: Partner, type: categorical, categories: ["No", "Yes"]}
          - {name: Dependents, type: categorical, categories: ["No", "Yes"]}
          - {name: tenure, type: numeric}
          - {name: PhoneService, type: categorical, categories: ["No", "Yes"]}
          - {name: MultipleLines, type: categorical, categories: ["No", No phone service, "Yes"]}
          - {name: InternetService, type: categorical, categories: [DSL, Fiber optic, "No"]}
          - {name: OnlineSecurity, type: categorical, categories: ["No", No internet service, "Yes"]}
          - {name: OnlineBackup, type: categorical, categories: ["No", No internet service, "Yes"]}
          - {name: DeviceProtection, type: categorical, categories: ["No", No internet service, "Yes"]}
          - {name: TechSupport, type: categorical, categories: ["No", No internet service, "Yes"]}
          - {name: StreamingTV, type: categorical, categories: ["No", No internet service, "Yes"]}
          - {name: StreamingMovies, type: categorical, categories: ["No", No internet service, "Yes"]}
          - {name: Contract, type: categorical, encoding: ordinal, categories: [Month-to-month, One year, Two year]}
          - {name: PaperlessBilling, type: categorical, categories: ["No", "Yes"]}
          - name: PaymentMethod
            type: categorical
            categories: [Bank transfer (automatic), Credit card (automatic), Electronic check, Mailed check]
          - {name: MonthlyCharges, type: numeric}
          - {name: TotalCharges, type: numeric}

        events:
          - type: contract_downgrade
            weight: 0.25
            details: Switched to Month-to-month
            set: {Contract: Month-to-month}
          - type: removed_online_security
            weight: 0.20
            details: Removed online security
            when: {OnlineSecurity: {is: "Yes"}}
            set: {OnlineSecurity: "No"}
            add: {MonthlyCharges: -5}
          - type: cancelled_autopay
            weight: 0.15
            details: Cancelled automatic payment
            when: {PaymentMethod: {contains: (automatic)}}
            set: {PaymentMethod: Mailed check}
          - type: contract_upgrade
            weight: 0.10
            details: Switched to One year
            when: {Contract: {is: Month-to-month}}
            set: {Contract: One year}
          - type: added_tech_support
            weight: 0.10
            details: Added tech support
            when: {TechSupport: {is: "No"}}
            set: {TechSupport: "Yes"}
            add: {MonthlyCharges: 5}
          - type: enabled_autopay
            weight: 0.10
            details: Enabled automatic payment
            when: {PaymentMethod: {lacks: (automatic)}}
            set: {PaymentMethod: Credit card (automatic)}
          - type: monthly_anniversary
            weight: 0.10
            details: One more month
            add: {tenure: 1, TotalCharges: MonthlyCharges}

        actions:
          - id: offer_one_year_contract
            title: Offer a one-year contract
            label: One-year contract
            when: {Contract: {is: Month-to-month}}
            set: {Contract: One year}
          - id: offer_two_year_contract
            title: Offer a two-year contract
            label: Two-year contract
            when: {Contract: {is_not: Two year}}
            set: {Contract: Two year}
          - id: offer_tech_support
            title: Offer tech support
            label: Tech support
            when: {TechSupport: {is: "No"}}
            set: {TechSupport: "Yes"}
            add: {MonthlyCharges: 5}
          - id: offer_online_security
            title: Offer online security
            label: Online security
            when: {OnlineSecurity: {is: "No"}}
            set: {OnlineSecurity: "Yes"}
            add: {MonthlyCharges: 5}
          - id: help_enable_autopay
            title: Help to enable automatic payment
            label: Automatic payment
            when: {PaymentMethod: {lacks: (automatic)}}
            set: {PaymentMethod: Credit card (automatic)}
          - id: offer_discount
            title: Offer a discount of 10 a month
            label: Discount of 10 a month
            add: {MonthlyCharges: -10}

        bands: {critical: 0.85, high: 0.70, medium: 0.40}

        # What an update shows of the customer, by the names that dashboards know.
        updates:
          contract_type: Contract
          tenure: tenure
          monthly_charges: MonthlyCharges
          total_charges: TotalCharges
          techsupport: TechSupport

        # A score above the threshold is a churn_alert. enter, exit and cool_down_seconds may be added.
        alerts: {threshold: 0.70}

        """
}
