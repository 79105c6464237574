/// The configuration of a pipeline; every field has a default.
public struct PipelineConfiguration: Sendable {
    /// Whether event types' effects and `changes` are applied.
    ///
    /// Off where producers update the customers themselves.
    public var appliesEffects = true
    /// The back-off between repeated calls of the infrastructure.
    public var backoff = Backoff()
    /// The name under which the pipeline reports on the health board.
    public var healthName = "pipeline"

    /// From how many events on a batch is written while the next one is already taken from the source.
    ///
    /// Below it the next batch is taken when the write is done and so holds all that came meanwhile: fewer and larger
    /// transactions for the same latency. Above it the time of a batch is mostly work that can overlap.
    public var overlapThreshold = 256

    /// The number of last written customers that are remembered, so that their next events need not read them.
    ///
    /// Each takes about 1 KB; 0 remembers none. A customer that another program changed meanwhile is noticed by its
    /// version when it is written, and read again.
    public var rememberedCustomers = 20_000

    /// The number of reasons of an alert and of a far move; 0 for none, which costs nothing.
    public var reasons = 3
    /// The least move of a probability, 0 to 1, that is explained without being an alert.
    ///
    /// An explanation costs several times as much as a score.
    public var leastExplainedMove = 0.0

    /// The most that a customer's stored time of scoring may lag where an event left features and score as they were.
    ///
    /// Such an event is logged and published like any other, but its customer's row is not written again within this
    /// time.
    public var activityResolution: Duration = .seconds(300)

    /// The greatest share of events, 0 to 1, that may name customers that the store does not have.
    ///
    /// Above it, over the last thousand events and at least 50, the pipeline waits for the customers and is not ready,
    /// instead of setting a whole topic aside. 1 never waits.
    public var unknownCustomerLimit = 0.9

    /// Measures how long events take until they are durable; nil for no one.
    public var latency: EventLatency?

    /// The actions at named places; tests only.
    package var failpoints = Failpoints.none

    /// The time of day, by which records that claim to come from a far future are brought back to the present.
    public var now: WallClock = Timestamp.systemNow

    /// Creates the default configuration.
    public init() {}
}
