import ChurnCore
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct MigratorTests {
    @Test("an empty database gets the contract's tables and names")
    func fromEmpty() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let migrator = try Migrator(database.configuration, domain: database.domain, logger: TestDatabase.logger)
            let before = try await migrator.status()
            #expect(!before.isCurrent && before.applied.isEmpty)
            let done = try await migrator.migrate()
            #expect(done.count == Migration.all.count + 1)
            let after = try await migrator.status()
            #expect(after.isCurrent && after.applied.count == Migration.all.count)
            await migrator.close()
            let columns = try await database.rows(
                """
                SELECT table_name || ':' || string_agg(column_name, ',' ORDER BY ordinal_position) AS line
                FROM information_schema.columns WHERE table_schema = '\(database.configuration.schema)' GROUP BY table_name
                """
            ).compactMap { $0[0] }
            for expected in [
                "events:event_id,user_id,event_type,event_timestamp,event_data",
                "predictions:prediction_id,user_id,churn_probability,prediction_timestamp",
                "intervention_log:log_id,customer_id,action_taken,log_timestamp,agent_id",
                "shap_summary:feature,importance",
                "users:customerid,gender,seniorcitizen,partner,dependents,tenure,phoneservice,multiplelines",
            ] {
                #expect(columns.contains { $0.hasPrefix(expected) }, "\(expected)")
            }
        }
    }

    @Test("a migrated database is left alone, by many migrators at once too")
    func repeated() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let done = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 { group.addTask { try await database.migrate() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(done.count { !$0.isEmpty } == 1)
            #expect(try await database.migrate().isEmpty)
        }
    }

    @Test("a database that is newer than the program is refused with a clear error")
    func newer() async throws {
        try await TestDatabase.with { database in
            try await database.run("INSERT INTO churn_migrations (number, name) VALUES (999, 'of the future')")
            let error = await #expect(throws: ChurnError.self) { try await database.migrate() }
            #expect(error?.code == .schemaMismatch && error?.disposition == .fatal)
            #expect(error?.advice.contains("999") == true)
        }
    }

    @Test("a step of a newer version stands in no older version's way where it says so, upgraded and rolled back")
    func compatible() async throws {
        try await TestDatabase.with { database in
            let known = try #require(Migration.all.last).number
            let later = Migration(
                number: known + 1, name: "expanded", compatibleFrom: known,
                sql: "ALTER TABLE outcomes ADD COLUMN note text")
            try await database.run(
                """
                \(later.sql);
                INSERT INTO churn_migrations (number, name, compatible_from)
                    VALUES (\(later.number), $$\(later.name)$$, \(known))
                """)
            let migrator = try Migrator(database.configuration, domain: database.domain, logger: TestDatabase.logger)
            let status = try await migrator.status()
            #expect(status.isCurrent && status.newer == ["\(known + 1) expanded"])
            // The newer version's triggers are not this version's to replace.
            try await database.run("ALTER TABLE users ENABLE TRIGGER churn_raise_version")
            #expect(try await migrator.migrate().isEmpty)
            let store = try database.makeStore()
            #expect(try await store.importCustomers([Samples.customer("a")]) == 1)
            await store.close()
            // The step after it takes away what this version needs.
            try await database.run(
                """
                INSERT INTO churn_migrations (number, name, compatible_from)
                    VALUES (\(known + 2), 'contracted', \(known + 1))
                """)
            let error = await #expect(throws: ChurnError.self) { try await migrator.status() }
            #expect(error?.code == .schemaMismatch && error?.advice.contains("\(known + 2)") == true)
            await migrator.close()
        }
    }

    @Test("a role that may only read finds nothing to migrate, and says what it lacks where there is something")
    func withoutRights() async throws {
        try await TestDatabase.with { database in
            let reader = try await database.makeRole(["GRANT SELECT ON ALL TABLES IN SCHEMA"])
            let migrator = try Migrator(
                database.configuration(of: reader), domain: database.domain, logger: TestDatabase.logger)
            #expect(try await migrator.migrate().isEmpty)
            try await database.run("DELETE FROM churn_migrations WHERE number = 31")
            let error = await #expect(throws: ChurnError.self) { try await migrator.migrate() }
            #expect(error?.code == .privilegeMissing)
            #expect(error?.advice.contains("schema \(database.configuration.schema)") == true)
            await migrator.close()
            try await database.dropRole(reader)
        }
    }

    @Test("a migration that runs elsewhere is waited for, and its session is named")
    func migrating() async throws {
        try await TestDatabase.with(change: { $0.lockTimeout = .seconds(60) }) { database in
            try await database.run("DELETE FROM churn_migrations WHERE number = 31")
            try await Self.expectNaming(
                "SELECT pg_advisory_lock(hashtext('churn_migrations ' || current_database()))", in: database
            ) { _ = try await $0.migrate() }
        }
    }

    @Test("a table that another session keeps is waited for in short attempts, and the session is named")
    func locked() async throws {
        try await TestDatabase.with { database in
            try await Self.expectNaming("BEGIN; LOCK TABLE users", in: database) { migrator in
                try await migrator.pool.withConnection("change a table") { connection in
                    try await migrator.repeatingLocks(on: connection) { connection in
                        try connection.transaction { try connection.run("ALTER TABLE users ADD COLUMN note text") }
                    }
                }
            }
        }
    }

    private static func expectNaming(
        _ held: String, in database: TestDatabase, _ act: @Sendable (Migrator) async throws -> Void
    ) async throws {
        let holder = try PostgresPool(database.configuration, logger: TestDatabase.logger)
        let migrator = try Migrator(
            database.configuration, domain: database.domain, patience: .milliseconds(300), logger: TestDatabase.logger)
        try await holder.withConnection("hold a lock") { connection in
            try connection.run("SET application_name = 'the holder'; \(held)")
            let pid = try connection.run(Statement(name: "pid", sql: "SELECT pg_backend_pid()")).int32(0, 0)
            let error = await #expect(throws: ChurnError.self) { try await act(migrator) }
            #expect(error?.code == .timedOut)
            #expect(error?.advice.contains("pid \(pid) of the holder") == true, "\(error?.advice ?? "")")
            connection.disconnect()
        }
        await migrator.close()
        await holder.close()
    }

    @Test("a feature that the domain gained becomes a column, its rows stay, and the trigger watches it")
    func addedFeature() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a", 3)])
            let feature = Feature(
                name: "Loyal \"Club\"", column: "loyal \"club\"", type: .boolean, encoding: .numeric)
            let domain = database.domain.adding(feature)
            let migrator = try Migrator(database.configuration, domain: domain, logger: TestDatabase.logger)
            #expect(try await migrator.status().missingColumns == ["loyal \"club\""])
            #expect(try await migrator.migrate() == ["users: loyal \"club\""])
            #expect(try await migrator.migrate().isEmpty)
            await migrator.close()
            let wider = try PostgresStore(database.configuration, domain: domain, logger: TestDatabase.logger)
            let state = try #require(try await wider.states(for: ["a"])["a"])
            #expect(state.features == Samples.features(3) + [.missing])
            try await database.run(#"UPDATE users SET "loyal ""club""" = true"#)
            #expect(try await wider.states(for: ["a"])["a"]?.version == state.version + 1)
            // A program that knows the old domain goes on.
            #expect(try await store.states(for: ["a"])["a"]?.features == Samples.features(3))
            await store.close()
            await wider.close()
        }
    }

    @Test("users follows another business's domain, with all types of features")
    func otherDomain() async throws {
        let domain = Domain(
            name: "gym", idName: "Member", label: LabelColumn(name: "left", positive: "1", negative: "0"),
            schema: FeatureSchema(features: [
                Feature(name: "Select", column: "select", type: .categorical, encoding: .oneHot),
                Feature(name: "visits", column: "visits", type: .numeric, encoding: .numeric),
                Feature(name: "paused", column: "paused", type: .boolean, encoding: .numeric),
            ]), segmentFeature: 0, valueFeature: 1, rules: [], actions: [], bands: RiskBands())
        try await TestDatabase.with(domain: domain) { database in
            let store = try database.makeStore()
            let members = [
                CustomerState(id: "m1", features: [.text("o'clock"), .number(-0.5), .boolean(true)]),
                CustomerState(id: "m2", features: [.missing, .missing, .missing]),
                CustomerState(id: "m3", features: [.text(""), .number(0), .boolean(false)]),
            ]
            #expect(try await store.importCustomers(members) == 3)
            let states = try await store.states(for: ["m1", "m2", "m3", "m4"])
            #expect(states.values.sorted { $0.id < $1.id } == members)
            await store.close()
        }
    }

    @Test("a column of another type than the domain says is an error that names it")
    func wrongType() async throws {
        try await TestDatabase.with { database in
            try await database.run("DROP TRIGGER churn_raise_version ON users")
            try await database.run("ALTER TABLE users ALTER COLUMN gender TYPE bytea USING NULL")
            let error = await #expect(throws: ChurnError.self) { try await database.migrate() }
            #expect(error?.code == .schemaMismatch)
            #expect(error?.advice.contains("gender") == true)
        }
    }

    @Test("names that cannot be columns are refused before anything is asked of the server")
    func badNames() throws {
        for name in ["", "a\0b", String(repeating: "x", count: 64), "churn_version", "gender"] {
            let feature = Feature(name: name, column: name, type: .numeric, encoding: .numeric)
            #expect(throws: ChurnError.self) { try UsersTable(Domain.telco.adding(feature)) }
        }
    }

    @Test("a store without its tables says that they must be migrated")
    func unmigrated() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            try await database.run("CREATE SCHEMA \(database.configuration.schema)")
            let store = try database.makeStore()
            let error = await #expect(throws: ChurnError.self) { try await store.states(for: ["a"]) }
            #expect(error?.code == .migrationNeeded && error?.disposition == .fatal)
            #expect(error?.advice.contains("migrate them") == true)
            await store.close()
        }
    }
}

extension Domain {
    fileprivate func adding(_ feature: Feature) -> Domain {
        var domain = self
        domain.schema = FeatureSchema(features: self.schema.features + [feature])
        return domain
    }
}
