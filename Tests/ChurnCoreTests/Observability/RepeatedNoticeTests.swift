import ChurnCore
import Testing

@Suite struct RepeatedNoticeTests {
    @Test("what happens again and again is logged at once, then once a minute with its count")
    func interval() {
        var notice = RepeatedNotice()
        let start = ContinuousClock.now
        let said = [0, 1, 59, 60, 61, 300].map { notice.occurred(at: start + .seconds($0)) }
        #expect(said == [1, nil, nil, 3, nil, 2])
    }
}
