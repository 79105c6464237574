import ChurnCore
import Testing

@testable import ChurnCore

@Suite("Customers that were written last")
struct RecentStatesTests {
    private func change(_ id: String, version: Int64 = 1) -> StateChange {
        StateChange(
            state: CustomerState(id: id, features: [], version: version), readVersion: version - 1,
            featuresChanged: false)
    }

    @Test("are known until they are forgotten, each as it was written last")
    func known() {
        let recent = RecentStates(capacity: 10)
        recent.keep([self.change("a"), self.change("b")])
        recent.keep([self.change("a", version: 2)])
        #expect(recent.states(of: ["a", "b", "c"]).mapValues(\.version) == ["a": 2, "b": 1])
        recent.forget()
        #expect(recent.states(of: ["a", "b"]).isEmpty)
    }

    @Test("are no more than asked for, the longest unwritten going first")
    func bounded() {
        let recent = RecentStates(capacity: 4)
        for id in ["a", "b", "c", "d", "e"] { recent.keep([self.change(id)]) }
        #expect(recent.states(of: ["a", "b", "c", "d", "e"]).keys.sorted() == ["c", "d", "e"])
    }

    @Test("are not looked at for some batches after another writer was there")
    func pause() {
        let recent = RecentStates(capacity: 4)
        recent.keep([self.change("a")])
        recent.forgetAfterConflict()
        for _ in 0..<RecentStates.pauseAfterConflict {
            recent.keep([self.change("a")])
            #expect(recent.states(of: ["a"]).isEmpty)
        }
        recent.keep([self.change("a")])
        #expect(!recent.states(of: ["a"]).isEmpty)
    }

    @Test("are not kept where none are asked for")
    func none() {
        let recent = RecentStates(capacity: 0)
        recent.keep([self.change("a")])
        #expect(recent.states(of: ["a"]).isEmpty)
    }
}
