import ChurnCore

/// Makes the customers, events and batches that the store contracts write.
struct StoreSamples: Sendable {
    let domain: Domain
    let name = StreamName(cluster: "contract-cluster", topic: "contract_events")

    var stream: StreamIdentity { StreamIdentity(name: self.name, epoch: 0) }

    func partition(_ number: Int32, epoch: Int32 = 0) -> StreamPartition {
        StreamPartition(stream: StreamIdentity(name: self.name, epoch: epoch), partition: number)
    }

    func range(_ partition: Int32, _ from: Int64, _ to: Int64, epoch: Int32 = 0) -> OffsetRange {
        OffsetRange(partition: self.partition(partition, epoch: epoch), from: from, to: to)
    }

    // MARK: Customers

    /// Features that differ from one `number` to the next; every seventh value is missing.
    func features(_ number: Int) -> [FeatureValue] {
        self.domain.schema.features.enumerated().map { index, feature in
            if (number + index) % 7 == 6 { return .missing }
            switch feature.type {
            case .numeric: return .number(Double(number) + Double(index) / 10)
            case .boolean: return .boolean((number + index) % 2 == 0)
            case .categorical:
                return .text(
                    feature.categories.isEmpty
                        ? "category \(number % 3)" : feature.categories[(number + index) % feature.categories.count])
            }
        }
    }

    func customer(_ id: String, _ number: Int = 0) -> CustomerState {
        CustomerState(id: id, features: self.features(number))
    }

    func customers(_ count: Int) -> [CustomerState] {
        (0..<count).map { self.customer("C-\(String(100_000 + $0))", $0) }
    }

    /// The index of a numeric feature and one value that it can take.
    var change: FeatureChange {
        let index = self.domain.schema.features.firstIndex { $0.type == .numeric } ?? 0
        return FeatureChange(feature: index, value: .number(12_345.5))
    }

    // MARK: Events

    static let time = Timestamp(microseconds: 1_767_225_600_000_000)

    func event(
        _ customer: String, partition: Int32 = 0, offset: Int64, epoch: Int32 = 0, sourceEventID: String? = nil,
        deadLetterID: Int64? = nil
    ) -> CustomerEvent {
        let time = Self.time.advanced(by: .seconds(offset % 1_000_000))
        let json = "{\"event_type\": \"contract_downgrade\", \"user_id\": \"\(customer.jsonEscaped)\"}"
        return CustomerEvent(
            position: StreamPosition(partition: self.partition(partition, epoch: epoch), offset: offset),
            customerID: customer, type: EventType(rawValue: "contract_downgrade"), time: time, recordTime: time,
            sourceEventID: sourceEventID, json: Array(json.utf8), deadLetterID: deadLetterID)
    }

    func prediction(_ customer: String, _ probability: Double, version: Int64 = 0) -> Prediction {
        Prediction(
            customerID: customer, probability: probability, band: self.domain.bands.band(of: probability),
            model: ModelIdentity(version: "contract-model"), stateVersion: version,
            alert: AlertDecision(isAlert: self.domain.alerts.countsAtRisk(probability), becameAtRisk: false))
    }

    /// An accepted event with its score.
    func scored(_ event: CustomerEvent, id: Int64, probability: Double = 0.25, version: Int64 = 0) -> ScoredEvent {
        ScoredEvent(
            eventID: id, event: event, prediction: self.prediction(event.customerID, probability, version: version))
    }

    /// Returns a batch's change of a customer that it found in `state`: other features, a score, the next version.
    func change(of state: CustomerState, to number: Int, probability: Double = 0.75) -> StateChange {
        var next = state
        next.features = self.features(number)
        next.version += 1
        next.latest = LatestScore(
            probability: probability, band: self.domain.bands.band(of: probability), time: Self.time)
        next.alert = AlertState(isAtRisk: true, lastAlert: Self.time)
        return StateChange(state: next, readVersion: state.version, featuresChanged: true)
    }

    /// A record that cannot be decoded: not even UTF-8.
    func rejection(partition: Int32 = 0, offset: Int64, deadLetterID: Int64? = nil) -> Rejection {
        Rejection(
            record: Record(
                position: StreamPosition(partition: self.partition(partition), offset: offset),
                key: [0x00, 0xFF, 0x41], value: [0xC3, 0x28, 0x00, 0x7B],
                headers: [
                    RecordHeader(name: "trace", value: [0x01, 0x00, 0xFE]), RecordHeader(name: "empty", value: []),
                    RecordHeader(name: "null", value: nil),
                ], time: Self.time.advanced(by: .seconds(offset))),
            code: .invalidUTF8, reason: "byte 1 is not UTF-8", deadLetterID: deadLetterID)
    }

    func block(_ partition: Int32, previous: Int64?, numbers: [Int64], epoch: Int32 = 0) -> UpdateBlock {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for number in numbers {
            bytes.append(contentsOf: "{\"type\":\"new_event\",\"payload\":{\"number\":\(number),\"π\":0}}".utf8)
            ends.append(bytes.count)
        }
        return UpdateBlock(
            partition: self.partition(partition, epoch: epoch), previous: previous, numbers: numbers, bytes: bytes,
            ends: ends)
    }

    /// A batch of one partition with one update for each offset in the range and nothing else.
    func updates(_ partition: Int32, _ from: Int64, _ to: Int64, previous: Int64?, epoch: Int32 = 0) -> ScoredBatch {
        ScoredBatch(
            ranges: [self.range(partition, from, to, epoch: epoch)],
            updates: [self.block(partition, previous: previous, numbers: Array(from..<to), epoch: epoch)])
    }
}

extension String {
    var jsonEscaped: String {
        self.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
