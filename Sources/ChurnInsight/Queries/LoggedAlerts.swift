public import ChurnCore

/// Alerts one after the other, kept column by column: a page of thousands is read, shown and written without a value
/// for each of them.
public struct LoggedAlerts: RandomAccessCollection, Sendable {
    /// Our numbers of the events that raised them.
    public let eventIDs: [Int64]
    /// The customers.
    public let customerIDs: TextColumn
    /// The types of events: raw values of ``/ChurnCore/EventType``.
    public let types: TextColumn
    /// The events' times.
    public let times: [Timestamp]
    /// The scores that it led to.
    public let probabilities: [Double?]
    /// Whether it made its customer one at risk.
    public let becameAtRisk: [Bool]
    /// The columns shown of the customers; nil before they are looked up.
    public var shown: ShownColumns?

    /// Creates alerts of columns of one length.
    public init(
        eventIDs: [Int64], customerIDs: TextColumn, types: TextColumn, times: [Timestamp], probabilities: [Double?],
        becameAtRisk: [Bool], shown: ShownColumns? = nil
    ) {
        precondition(
            [customerIDs.count, types.count, times.count, probabilities.count, becameAtRisk.count].allSatisfy {
                $0 == eventIDs.count
            }, "columns of alerts differ in length")
        self.eventIDs = eventIDs
        self.customerIDs = customerIDs
        self.types = types
        self.times = times
        self.probabilities = probabilities
        self.becameAtRisk = becameAtRisk
        self.shown = shown
    }

    /// Creates alerts of single ones.
    public init(_ alerts: [LoggedAlert]) {
        var (customerIDs, types) = (TextColumn(texts: alerts.count), TextColumn(texts: alerts.count))
        for alert in alerts {
            customerIDs.append(alert.customerID)
            types.append(alert.type.rawValue)
        }
        self.init(
            eventIDs: alerts.map(\.eventID), customerIDs: customerIDs, types: types, times: alerts.map(\.time),
            probabilities: alerts.map(\.probability), becameAtRisk: alerts.map(\.becameAtRisk),
            shown: ShownColumns(alerts.map(\.shown)))
    }

    /// The first alert's index.
    public var startIndex: Int { 0 }
    /// The index behind the last alert.
    public var endIndex: Int { self.eventIDs.count }

    /// One alert as a value.
    public subscript(index: Int) -> LoggedAlert {
        LoggedAlert(
            eventID: self.eventIDs[index], customerID: self.customerIDs[index],
            type: EventType(rawValue: self.types[index]), time: self.times[index],
            probability: self.probabilities[index], becameAtRisk: self.becameAtRisk[index],
            shown: self.shown?[index])
    }
}
