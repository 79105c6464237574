import ChurnCore
import Logging

/// The role of a process.
enum ProcessRole: String, CaseIterable, Sendable {
    case all
    case process
    case serve

    /// Whether it reads events and scores them.
    var processes: Bool { self != .serve }
    /// Whether it answers HTTP and WebSocket clients.
    var serves: Bool { self != .process }
}

extension Setting where Value == Secret<String>? {
    static let postgresUrl = secret(
        "postgres.url", "The database, postgres://user:password@host:port/database?sslmode=verify-full.")
}

extension Setting where Value == String {
    static let modelsSource = choice(
        "models.source", ["folder", "registry"], "folder",
        "Where the model comes from: the folder that `model` names, or the registry in the database.")
    static let pipelineName = text(
        "pipeline.name", "churn", "The name under which progress is stored; another name starts from the beginning.")
}

extension Setting where Value == String? {
    static let model = text("model", "The folder of the model bundle, or a link to it; followed when it changes.")
    static let domain = text("domain", "The domain file; the Telco domain by default.")
    static let configurationFile = text("config", "A file in YAML with any of the keys below.")
}

extension Setting where Value == Int {
    static let postgresPoolSize = integer("postgres.poolSize", 1...200, 4, "The most connections to the database.")
    static let explainReasons = integer(
        "explain.reasons", 0...20, 3,
        "How many reasons go with an alert and with a score that moved by `leastMove`; 0 for no explanations.")
    static let batchSize = integer("batch.size", 1...100_000, 4_000, "The most events in a batch.")
}

extension Setting where Value == Duration {
    static let postgresStatementTimeout = milliseconds(
        "postgres.statementTimeoutMs", 100...3_600_000, 30_000, "How long one statement may take.")
    static let modelsPoll = seconds(
        "models.pollSeconds", 1...3_600, 5, "How often a process looks whether it is to serve another model.")
    static let projectionReload = seconds(
        "projection.reloadSeconds", 5...86_400, 300,
        "How often a serving process reads all customers again, for changes that send no update.")
    static let activityResolution = seconds(
        "pipeline.activityResolutionSeconds", 0...86_400, 300,
        "How late a customer's stored time of scoring may be where an event changes neither features nor score.")
    static let batchLinger = milliseconds(
        "batch.lingerMs", 0...60_000, 0, "How long a batch's oldest event waits for more.")
}

extension Setting where Value == Bool {
    static let pipelineEffects = boolean(
        "pipeline.effects", true,
        "Whether events change their customers; false where producers update the customers themselves.")
}

extension Setting where Value == Double {
    static let unknownCustomerLimit = number(
        "pipeline.unknownCustomerLimit", 0...1, 0.9,
        "The share of events that may name unknown customers; above it the process waits for them and is not ready.")
    // Small moves are many, and explaining each of them halves the throughput and more.
    static let explainLeastMove = number(
        "explain.leastMove", 0...1, 0.1,
        "How far a probability must move to be explained without being an alert; 0 for every move, 1 for alerts only.")
}

extension Setting where Value == Double? {
    static let alertThreshold = number(
        "alert.threshold", 0...1,
        """
        A score above it is an alert, and its customer counts as at risk; by default as the domain says, else where its \
        band High begins.
        """)
    static let alertEnter = number(
        "alert.enter", 0...1, "A customer becomes at risk above it; by default the threshold.")
    static let alertExit = number(
        "alert.exit", 0...1, "A customer stops being at risk at or below it; by default `enter`.")
}

extension Setting where Value == Duration? {
    static let alertCoolDown = seconds(
        "alert.coolDownSeconds", 0...31_536_000, "The least time between two alerts of one customer; by default none.")
}

extension Setting where Value == ProcessRole {
    static let role = named("role", .all, "What `churnd run` does: score events, serve clients, or both.")
}

extension Setting where Value == Logger.Level {
    static let logLevel = named("log.level", .info, "The least severe log lines to write.")
}
