import Foundation
import Testing

@testable import churnd

@Suite struct DashboardFolderTests {
    @Test(
        "the dashboard is looked for beside the program and in the sources it was built from, nowhere else",
        arguments: [
            ("/opt/churn/churnd", ["/opt/churn/dashboard"]),
            ("/src/.build/debug/churnd", ["/src/.build/debug/dashboard", "/src/Dashboard/dist"]),
        ])
    func places(_ program: String, _ places: [String]) {
        #expect(DashboardFolder.usualPlaces(of: URL(fileURLWithPath: program)) == places)
        #expect(DashboardFolder.usualPlaces(of: nil).isEmpty)
    }
}
