import ChurnCore

/// The topic that a ``KafkaEventSource`` reads, and how far it reads ahead.
///
/// Every buffer between the broker and the caller has a bound in bytes:
///
/// | buffer | bound |
/// |---|---|
/// | one answer of a broker | `fetch.max.bytes`: ``maximumRecordBytes``, at least 16 MB, as it comes (compressed batches unfold to more), of which a partition gets 4 MB; one for each broker is on its way at a time |
/// | librdkafka's queue | one answer of each broker beyond `queued.max.messages.kbytes` (``maximumPrefetchedBytes``, of which librdkafka counts values only) or `queued.min.messages` (one record for each KB of it, whatever the headers), whichever comes first. While the prefetch is full, fetching is paused as soon as the queue holds ``maximumPrefetchedBytes`` by what records took lately |
/// | the prefetch | ``maximumPrefetchedBytes`` and one record; keys, values, headers and 512 bytes for each record count |
/// | the batch | ``maximumBatchBytes`` and one record, counted likewise; it is part of the prefetch until it is taken |
/// | librdkafka's events, the mailbox | a few lines each; the thread takes them at every turn |
public struct KafkaSourceConfiguration: Sendable {
    /// The way in which partitions come to this process.
    public struct Membership: Sendable, Hashable {
        enum Kind: Hashable { case group(instance: String?, Assignor), assigned([Int32]?) }
        let kind: Kind

        /// The group's coordinator shares the partitions among its members.
        ///
        /// - Parameters:
        ///   - instance: a `group.instance.id` for static membership: a restart within the session keeps the
        ///     partitions. Two processes with the same one fence each other, which ends the source.
        ///   - assignor: how partitions are shared.
        public static func group(instance: String? = nil, assignor: Assignor = .cooperative) -> Membership {
            Membership(kind: .group(instance: instance, assignor))
        }

        /// These partitions, or all with nil, without a group.
        ///
        /// Partitions that are added to the topic later are found by a periodic look where all are read.
        public static func assigned(_ partitions: [Int32]? = nil) -> Membership {
            Membership(kind: .assigned(partitions))
        }
    }

    /// The way in which a group shares its partitions.
    public struct Assignor: Sendable, Hashable {
        let strategy: String
        /// Only partitions that move are given up (`cooperative-sticky`).
        ///
        /// librdkafka before 2.3.0 ends the process where such a member is freed while it joins; there a source that is
        /// closed before its first assignment leaves the group and keeps two idle threads instead.
        public static let cooperative = Assignor(strategy: "cooperative-sticky")
        /// Every rebalance takes all partitions away first (`range`, then `roundrobin`), for groups with members
        /// that know no other.
        public static let eager = Assignor(strategy: "range,roundrobin")
    }

    /// The start of a partition that neither the sink nor the group knows.
    public enum Start: Sendable, Hashable {
        /// At the oldest record that is kept.
        case earliest
        /// Behind the newest record.
        ///
        /// As every first position, the place is stored before anything is read, so that a restart before the first
        /// event skips none.
        case latest
    }

    /// The cluster.
    public var connection: KafkaConnection
    /// The topic.
    public var topic: String
    /// The consumer group: for sharing partitions, for the commits that lag tools read, and for a first position.
    public var group: String
    /// The way in which partitions come to this process.
    public var membership = Membership.group()
    /// The start of a partition that neither the sink nor the group knows.
    public var start = Start.earliest
    /// The cluster's name in stream identities; nil takes the id that the cluster gives itself.
    public var clusterID: String?
    /// The most records in a batch.
    public var batchSize = 1_000
    /// The bytes after which a batch is closed.
    public var maximumBatchBytes = 8 << 20
    /// The time for which a batch's oldest record waits for more; zero closes a batch with what is there.
    ///
    /// Batches grow by themselves where records come faster than they are written. A linger makes fewer transactions of
    /// a slow stream, and adds itself to its latency.
    public var linger = Duration.zero
    /// Records that may wait to be asked for; reading pauses there and goes on at half of it.
    public var maximumPrefetchedRecords = 200_000
    /// Bytes of records that may wait to be asked for; librdkafka keeps about as many of its own.
    public var maximumPrefetchedBytes = 64 << 20
    /// The largest record that is received for certain.
    ///
    /// An answer with a larger one may be refused, which stops the partitions that the same broker leads and says so
    /// through the health board. What an event may have at most is the decoder's business.
    public var maximumRecordBytes = 16 << 20
    /// The interval at which the topic is checked for new partitions.
    public var metadataRefresh = Duration.seconds(30)
    /// The interval at which lag and librdkafka's statistics become metrics.
    public var statisticsInterval = Duration.seconds(1)
    /// The time that closing may take before the group is left to find out by itself.
    public var closeTimeout = Duration.seconds(5)

    /// Creates a configuration; everything else has defaults.
    public init(connection: KafkaConnection, topic: String, group: String) {
        self.connection = connection
        self.topic = topic
        self.group = group
    }
}

extension KafkaSourceConfiguration {
    /// librdkafka's settings for a source, checked.
    func clientSettings() throws -> ClientSettings {
        try self.validate()
        var defaults = [
            "allow.auto.create.topics": "false",
            "statistics.interval.ms": "\(self.statisticsInterval.milliseconds)",
            "topic.metadata.refresh.interval.ms": "\(self.metadataRefresh.milliseconds)",
            "fetch.message.max.bytes": "\(min(self.maximumRecordBytes, 4 << 20))",
            "queued.max.messages.kbytes": "\(max(self.maximumPrefetchedBytes >> 10, 1_024))",
            // More is asked for below this only: kbytes counts values, and records may be mostly headers.
            "queued.min.messages": "\(max(self.maximumPrefetchedBytes >> 10, 1_000))",
            "fetch.error.backoff.ms": "100",
            "reconnect.backoff.max.ms": "2000",
            // A broker answers as soon as it has a record; one that waits its time out anyway must not cost much.
            "fetch.wait.max.ms": "10",
        ]
        var fixed = [
            "group.id": self.group,
            "enable.auto.commit": "false", "enable.auto.offset.store": "false",
            // A position outside the log must be seen, not jumped over.
            "auto.offset.reset": "error",
            // Offsets without a record, such as a transaction's end, are known to be behind only so.
            "enable.partition.eof": "true",
            // The first record of an answer may be larger than fetch.max.bytes, so there is room for one more.
            "message.max.bytes": "\(self.maximumRecordBytes)",
            "fetch.max.bytes": "\(max(self.maximumRecordBytes, 16 << 20))",
            "receive.message.max.bytes":
                "\(max(self.maximumRecordBytes, 16 << 20) + self.maximumRecordBytes + 1 << 20)",
        ]
        if case .group(let instance, let assignor) = self.membership.kind {
            defaults["session.timeout.ms"] = "6000"
            defaults["heartbeat.interval.ms"] = "500"
            fixed["partition.assignment.strategy"] = assignor.strategy
            if let instance { fixed["group.instance.id"] = instance }
        }
        return ClientSettings(self.connection, defaults: defaults, fixed: fixed)
    }

    private func validate() throws {
        var faults: [String] = []
        if self.connection.brokers.isEmpty { faults.append("no broker is named") }
        if self.topic.isEmpty { faults.append("the topic has no name") }
        if self.group.isEmpty { faults.append("the consumer group has no name") }
        if self.batchSize < 1 { faults.append("the batch size must be at least 1") }
        if self.linger < .zero { faults.append("the linger cannot be negative") }
        if self.maximumBatchBytes < 1 { faults.append("the maximum of bytes in a batch must be at least 1") }
        if self.maximumPrefetchedRecords < self.batchSize {
            faults.append("the prefetch must hold at least one batch (\(self.batchSize) records)")
        }
        if self.maximumPrefetchedBytes < 1 { faults.append("the maximum of prefetched bytes must be at least 1") }
        if !(1_000...500_000_000).contains(self.maximumRecordBytes) {
            faults.append("the maximum record size must be between 1,000 and 500,000,000 bytes")
        }
        if case .assigned(let partitions?) = self.membership.kind,
            partitions.isEmpty || partitions.contains(where: { $0 < 0 })
        {
            faults.append("the list of assigned partitions is empty or holds a negative number")
        }
        guard faults.isEmpty else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "configuring the Kafka source",
                advice: faults.joined(separator: "; "))
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, within what librdkafka's 32-bit parameters hold.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = self.components
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return Int32(max(0, seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
