/// How a pipeline works; every field has a default.
public struct PipelineConfiguration: Sendable {
    /// Whether event types' effects and `changes` are applied.
    ///
    /// Off where producers update the customers themselves.
    public var appliesEffects = true
    /// How failed calls of the infrastructure are repeated.
    public var backoff = Backoff()
    /// The name under which the pipeline reports on the health board.
    public var healthName = "pipeline"

    /// Creates the default configuration.
    public init() {}
}
