import ChurnCore
import ChurnStore
import Testing

@testable import churnd

@Suite("What requests may take of the database")
struct ServingLimitsTests {
    @Test("is two seconds a statement and one of waiting, whatever the pipeline may take")
    func patience() throws {
        let deployment = try Deployment([Settings.all.postgresUrl.key: "postgres://churn@127.0.0.1:1/churn"])
        #expect(try deployment.postgres().statementTimeout == .seconds(30))
        #expect(deployment.servingLimits.statement == .seconds(2))
        #expect(deployment.servingLimits.wait == .seconds(1))
    }

    @Test("is less where the whole deployment may take less")
    func shorter() throws {
        let deployment = try Deployment([
            Settings.all.postgresUrl.key: "postgres://churn@127.0.0.1:1/churn",
            Settings.all.postgresStatementTimeout.key: "500",
        ])
        #expect(deployment.servingLimits.statement == .milliseconds(500))
    }
}
