public import ChurnCore
public import ChurnInsight

extension PostgresStore: ModelRegistry {
    /// Registers a model; see ``/ChurnInsight/ModelRegistry/register(_:files:)``.
    public func register(_ model: RegisteredModel, files: [BundleFile]) async throws -> Bool {
        let described = Self.parameters(of: model)
        let parts = files.map { file in
            var parameters = ParameterBuffer(capacity: file.bytes.count + 256)
            parameters.text(model.version)
            parameters.text(file.name)
            parameters.bytes(file.bytes)
            return Step(statement: RegistryStatements.addFile, parameters: parameters)
        }
        let entry = Self.auditStep(model.registration)
        return try await self.pool.withConnection("register a model") { connection in
            try connection.transaction {
                guard try connection.run(RegistryStatements.add, described).changedRows == 1 else {
                    var parameters = ParameterBuffer()
                    parameters.text(model.version)
                    let rows = try connection.run(RegistryStatements.one, parameters)
                    if let known = RegistryStatements.models(in: rows).first { try model.requireSameBundle(as: known) }
                    return false
                }
                for result in try connection.run(parts + [entry]) { _ = try result.get() }
                return true
            }
        }
    }

    /// The models of a domain; see ``/ChurnInsight/ModelRegistry/models(of:)``.
    public func models(of domain: String) async throws -> [RegisteredModel] {
        var parameters = ParameterBuffer()
        parameters.text(domain)
        let sent = parameters
        return try await self.pool.withConnection("list models") { connection in
            RegistryStatements.models(in: try connection.run(RegistryStatements.ofDomain, sent))
        }
    }

    /// A model's files; see ``/ChurnInsight/ModelRegistry/bundleFiles(of:)``.
    public func bundleFiles(of version: String) async throws -> [BundleFile] {
        var parameters = ParameterBuffer()
        parameters.text(version)
        let sent = parameters
        return try await self.pool.withConnection("read a model's files") { connection in
            let rows = try connection.run(RegistryStatements.files, sent)
            return (0..<rows.rowCount).map { row in
                BundleFile(name: rows.text(row, 0), bytes: Array(rows.bytes(row, 1)))
            }
        }
    }

    /// Changes who does what; see ``/ChurnInsight/ModelRegistry/change(_:in:by:at:)``.
    public func change(
        _ change: ModelRoleChange, in domain: String, by actor: String, at time: Timestamp
    ) async throws -> ModelRoleChange.Result {
        var parameters = ParameterBuffer()
        parameters.text(domain)
        let sent = parameters
        return try await self.pool.withConnection("change a model's role") { connection in
            try connection.transaction {
                let models = RegistryStatements.models(in: try connection.run(RegistryStatements.locked, sent))
                let result = try change.applied(to: models, by: actor, at: time)
                // One after the other: the former champion goes before the next one comes.
                for model in result.changed { _ = try connection.run(RegistryStatements.setRole, Self.role(of: model)) }
                for model in result.changed where model.role == .champion {
                    for step in Self.summarySteps(of: model.version) {
                        _ = try connection.run(step.statement, step.parameters)
                    }
                }
                if let entry = result.entry {
                    for result in try connection.run([Self.auditStep(entry)]) { _ = try result.get() }
                }
                return result
            }
        }
    }

    /// Deletes an archived model; see ``/ChurnInsight/ModelRegistry/delete(_:in:by:at:)``.
    ///
    /// The scores are looked for before the transaction, which would keep others from changing roles meanwhile.
    public func delete(
        _ version: String, in domain: String, by actor: String, at time: Timestamp
    ) async throws -> RegisteredModel {
        var parameters = ParameterBuffer()
        parameters.text(version)
        let named = parameters
        parameters = ParameterBuffer()
        parameters.text(domain)
        let ofDomain = parameters
        let models = try await self.models(of: domain)
        let planned = try ModelDeletion(of: version, from: models, by: actor, at: time)
        return try await self.pool.withConnection("delete a model") { connection in
            try planned.requireNoScores(try connection.run(RegistryStatements.hasScores, named).boolean(0, 0))
            return try connection.transaction {
                let models = RegistryStatements.models(in: try connection.run(RegistryStatements.locked, ofDomain))
                let deletion = try ModelDeletion(of: version, from: models, by: actor, at: time)
                let relinks = deletion.relinked.map {
                    Step(statement: RegistryStatements.setRole, parameters: Self.role(of: $0))
                }
                let deletes = [RegistryStatements.deleteFiles, RegistryStatements.delete].map {
                    Step(statement: $0, parameters: named)
                }
                for result in try connection.run(relinks + deletes + [Self.auditStep(deletion.entry)]) {
                    _ = try result.get()
                }
                return deletion.model
            }
        }
    }

    private static func parameters(of model: RegisteredModel) -> ParameterBuffer {
        var parameters = ParameterBuffer(capacity: 1_024)
        let description = model.description
        let metrics = description.metrics.sorted { $0.key < $1.key }
        parameters.text(model.version)
        parameters.text(description.domain)
        parameters.text(model.bundle.digest)
        parameters.text(model.schemaDigest)
        parameters.text(model.source)
        parameters.text(description.library)
        parameters.int64(Int64(description.trainingRows))
        parameters.int64(Int64(description.trainingPositives))
        parameters.int64(Int64(description.trees))
        parameters.array(of: .text, metrics) { $0.text($1.key) }
        parameters.array(of: .double, metrics) { $0.double($1.value) }
        parameters.timestamp(model.registered)
        parameters.text(model.registeredBy)
        return parameters
    }

    private static func role(of model: RegisteredModel) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.text(model.version)
        parameters.text(model.role.rawValue)
        parameters.int64(Int64(bitPattern: model.canary.share.bitPattern))
        parameters.text(model.previousChampion)
        parameters.timestamp(model.changed)
        parameters.text(model.changedBy)
        return parameters
    }
}
