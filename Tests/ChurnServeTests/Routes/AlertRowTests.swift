import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

@Suite("A row of a page of alerts") struct AlertRowTests {
    private let domain = Domain.telco

    private func state(_ number: Int) -> CustomerState {
        let values: [FeatureValue] = self.domain.schema.features.enumerated().map { index, feature in
            if (number + index) % 7 == 0 { return .missing }
            switch feature.type {
            case .numeric: return .number(Double(number) / 4)
            case .categorical: return .text("text \"\(number % 10)\"")
            case .boolean: return .boolean(number % 2 == 0)
            }
        }
        return CustomerState(id: "c\(1_000 + number)", features: values)
    }

    private func text(_ alerts: LoggedAlerts) -> String {
        var json = JSONWriter()
        json.beginArray()
        AlertRow(self.domain).write(alerts, to: &json)
        json.endArray()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Alerts of customers, and one of a customer that no one knows.
    private func alerts(_ states: ArraySlice<CustomerState>, of projection: CustomerProjection) -> LoggedAlerts {
        let ids = states.map(\.id) + ["stranger"]
        let single = ids.enumerated().map { index, id in
            LoggedAlert(
                eventID: Int64(index), customerID: id, type: EventType(rawValue: "e"),
                time: Timestamp(microseconds: Int64(index)), probability: index == 1 ? nil : Double(index) / 41,
                becameAtRisk: index % 2 == 0)
        }
        var alerts = LoggedAlerts(single)
        #expect(Array(alerts) == single)
        alerts.shown = projection.shown(of: alerts.customerIDs)
        return alerts
    }

    private func projection(of states: [CustomerState]) -> CustomerProjection {
        let features = ShownFeatures(self.domain)
        let projection = CustomerProjection(showing: features)
        projection.load(states.map { ProjectedCustomer($0, in: self.domain, showing: features) })
        projection.finishLoading()
        return projection
    }

    @Test("is the same whether rows have values of their own or share them, few or many", arguments: [0, 1, 3, 40])
    func sharing(_ count: Int) {
        let states = (0..<40).map(self.state)
        let alerts = self.alerts(states.prefix(count), of: self.projection(of: states))
        for (state, alert) in zip(states.prefix(count), alerts) {
            #expect(alert.shown == self.domain.updateFields.map { state.features[$0.feature] })
        }
        #expect(alerts.last?.shown == nil)
        let written = self.text(alerts)
        #expect(written == self.text(LoggedAlerts(Array(alerts))))
        #expect(written.split(separator: "{").count == count + 2)
        #expect(written.contains(#""contract_type":"text \"3\"""#) == (count > 3))
    }

    @Test("is what the shape of an alert writes", arguments: [0, 1, 3, 40])
    func shape(_ count: Int) {
        let states = (0..<40).map(self.state)
        let alerts = self.alerts(states.prefix(count), of: self.projection(of: states))
        let shape = Shape<LoggedAlert>.alert(self.domain)
        var json = JSONWriter()
        json.array(alerts) { json, alert in json.object { shape.write(alert, to: &$0) } }
        #expect(self.text(alerts) == String(decoding: json.bytes, as: UTF8.self))
    }

    @Test("leaves a portion without alerts out")
    func none() {
        #expect(self.text(LoggedAlerts([])) == "[]")
    }
}
