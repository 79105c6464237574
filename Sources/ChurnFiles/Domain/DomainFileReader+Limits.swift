import ChurnCore
import Yams

extension DomainFileReader {
    /// Reads `minimum`, `maximum` and `immutable` of a feature.
    func limits(_ fields: [String: Node], of feature: inout Feature) {
        for (key, path) in [("minimum", \Feature.minimum), ("maximum", \Feature.maximum)] {
            guard let node = fields[key] else { continue }
            guard feature.type == .numeric else {
                self.fault(
                    at: node, "the \(feature.type.rawValue) feature \(feature.name) has a \(key)",
                    "leave `\(key)` out; only numbers have limits")
                continue
            }
            feature[keyPath: path] = self.number(node, "the \(key) of \(feature.name)")
        }
        if let minimum = feature.minimum, let maximum = feature.maximum, minimum > maximum,
            let node = fields["maximum"]
        {
            self.fault(at: node, "the maximum of \(feature.name) is below its minimum", "swap them")
        }
        if let node = fields["immutable"] {
            feature.isImmutable = self.flag(node, "`immutable` of \(feature.name)") ?? false
        }
    }

    /// Checks what an action does to features against their limits.
    func checkLimits(_ effect: EventEffect, of action: String, at node: Node, schema: FeatureSchema) {
        for step in effect.steps {
            let feature = schema.features[step.feature]
            if feature.isImmutable {
                self.fault(
                    at: node, "the action \(action) changes \(feature.name), which is immutable",
                    "leave it out of the action, or `immutable` out of the feature")
            } else if case .set(let value) = step.operation, !feature.allows(value) {
                self.fault(
                    at: node, "the action \(action) sets \(feature.name) outside its limits",
                    "set a value from `minimum` to `maximum`")
            }
        }
    }

    /// Returns the features that follow from others: `linked: {Total: [Months, Fee]}`.
    func links(_ node: Node, schema: FeatureSchema) -> [Domain.FeatureLink] {
        guard let mapping = node.mapping else {
            self.fault(at: node, "`linked` is not a mapping", "write `Feature: [Feature, ...]` lines")
            return []
        }
        return mapping.compactMap { key, value in
            guard let name = self.text(key, "a feature of `linked`"),
                let feature = self.feature(named: name, at: key, in: schema)
            else { return nil }
            let entries = self.entries(of: value, in: "what \(name) follows from")
            let factors = entries.compactMap { entry in
                self.text(entry, "what \(name) follows from").flatMap {
                    self.feature(named: $0, at: entry, in: schema)
                }
            }
            if value.sequence != nil, entries.isEmpty {
                self.fault(at: value, "\(name) follows from nothing", "name features, or leave it out of `linked`")
            }
            if factors.contains(feature) {
                self.fault(at: value, "\(name) follows from itself", "name other features")
            }
            return factors.isEmpty ? nil : Domain.FeatureLink(feature: feature, factors: factors)
        }
    }

    /// Returns the currency: `currency: EUR` or `currency: {code: EUR, symbol: "€", decimals: 2}`.
    func currency(_ node: Node) -> Domain.Currency {
        var currency = Domain.Currency()
        guard node.mapping != nil else {
            currency.code = self.currencyCode(node)
            return currency
        }
        guard let fields = self.fields(of: node, in: "currency", allowed: ["code", "symbol", "decimals"]) else {
            return currency
        }
        currency.code = fields["code"].flatMap { self.currencyCode($0) }
        currency.symbol = fields["symbol"].flatMap { self.text($0, "currency.symbol") }
        if let symbol = currency.symbol, symbol.count > 8, let field = fields["symbol"] {
            self.fault(at: field, "currency.symbol has more than 8 characters", "write a sign such as $ or kr")
        }
        if let field = fields["decimals"], let decimals = self.number(field, "currency.decimals") {
            if (0...2).contains(decimals), decimals == decimals.rounded() {
                currency.decimals = Int(decimals)
            } else {
                self.fault(at: field, "currency.decimals is not 0, 1 or 2", "write 2, or 0 for none")
            }
        }
        return currency
    }

    private func currencyCode(_ node: Node) -> String? {
        guard let code = self.text(node, "the code of `currency`") else { return nil }
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            self.fault(at: node, "the code of `currency` is not three capital letters", "write e.g. EUR or USD")
            return nil
        }
        return code
    }

    /// Returns an amount or a number of months of an action; nil where none is given.
    func positive(_ node: Node?, _ key: String, of action: String, isZeroPossible: Bool) -> Double? {
        guard let node, let number = self.number(node, "the \(key) of \(action)") else { return nil }
        guard number > 0 || (isZeroPossible && number == 0) else {
            self.fault(
                at: node, "the \(key) of \(action) is \(isZeroPossible ? "negative" : "not above 0")",
                "give a \(isZeroPossible ? "number of at least 0" : "positive number"), or leave it out")
            return nil
        }
        return number
    }
}
