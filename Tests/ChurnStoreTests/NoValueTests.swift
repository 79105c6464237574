import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnStore

@Suite("A domain without a value")
struct NoValueTests {
    @Test("reads none from users, and knows none of a customer")
    func none() throws {
        var domain = Domain.telco
        domain.valueFeature = nil
        let statements = ProjectionStatements(users: try UsersTable(domain), domain: domain)
        #expect(statements.after.sql.contains(#""contract", NULL::float8, churn_probability"#))
        let features = Array(repeating: FeatureValue.number(5), count: domain.schema.count)
        let state = CustomerState(id: "a", features: features)
        #expect(ProjectedCustomer(state, in: domain).value == nil)
        #expect(domain.value(of: features) == nil && Domain.telco.value(of: features) == 5)
    }

    @Test("what is beyond a limit of the database is called that", arguments: ["54000", "54011"])
    func limit(_ state: String) {
        let error = PostgresFailure(.refused(sqlState: state)).churnError(during: "import customers")
        #expect(error.code == .dataRefused && error.disposition == .reject)
        #expect(error.advice.contains("beyond a limit of PostgreSQL (SQLSTATE \(state))"))
    }
}
