public import ChurnCore

/// The contract of every dead-letter store: rejected records are kept whole, and are taken up again once at most.
public enum DeadLetterStoreContract {
    /// A fresh store that also writes batches.
    public typealias Subject = StoreUnderTest<any DeadLetterStore & PredictionSink>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = [
        Check("a rejection becomes a dead letter with the record's every byte, its position and the reason") {
            subject, findings in
            let rejection = subject.samples.rejection(offset: 4)
            try await Self.reject([rejection], 0, 10, on: subject, findings)
            let letters = try await subject.store.deadLetters(after: 0, status: nil, limit: 10)
            let letter = try findings.require(letters.first, "the dead letter")
            findings.expectEqual(letters.count, 1, "the number of dead letters")
            findings.expectEqual(letter.rejection, rejection, "the rejection")
            findings.expectEqual(letter.status, .open, "the status")
            findings.expectEqual(letter.attempts, 1, "the number of attempts")
            findings.expect(letter.id > 0, "the id is \(letter.id)")
            let same = try await subject.store.deadLetter(id: letter.id)
            findings.expectEqual(same, letter, "the dead letter by its id")
        },
        Check("records without key, value and headers are kept, and empty is not the same as none") {
            subject, findings in
            let samples = subject.samples
            var none = samples.rejection(offset: 0)
            none.record = Record(position: none.record.position, key: nil, value: nil, time: StoreSamples.time)
            var empty = samples.rejection(offset: 1)
            empty.record = Record(position: empty.record.position, key: [], value: [], time: StoreSamples.time)
            try await Self.reject([none, empty], 0, 2, on: subject, findings)
            let letters = try await subject.store.deadLetters(after: 0, status: nil, limit: 10)
            findings.expectEqual(letters.map(\.rejection.record), [none.record, empty.record], "the records")
        },
        Check("dead letters are listed in order of id, page after page, each once") { subject, findings in
            let samples = subject.samples
            for from in stride(from: Int64(0), to: 12, by: 4) {
                try await Self.reject(
                    (from..<from + 4).map { samples.rejection(offset: $0) }, from, from + 4, on: subject, findings)
            }
            var found: [DeadLetter] = []
            while found.count < 12 {
                let page = try await subject.store.deadLetters(after: found.last?.id ?? 0, status: .open, limit: 5)
                findings.expect(page.count <= 5, "a page has \(page.count) dead letters")
                if page.isEmpty { break }
                found += page
            }
            findings.expectEqual(found.map(\.rejection.record.position.offset), Array(0..<12), "the offsets")
            findings.expect(
                zip(found, found.dropFirst()).allSatisfy { $0.id < $1.id }, "the ids do not rise: \(found.map(\.id))")
        },
        Check("there is no dead letter of an unknown id") { subject, findings in
            let letter = try await subject.store.deadLetter(id: 4711)
            findings.expect(letter == nil, "there is one")
        },
        Check("an event from a dead letter marks it as done in the write that applies it") { subject, findings in
            let samples = subject.samples
            let letters = try await Self.twoLetters(on: subject, findings)
            try await PredictionSinkContract.seed([samples.customer("c")], in: subject.store)
            let id = try await subject.store.reserveEventIDs(1)
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(7, 0, 1)],
                    events: [
                        samples.scored(
                            samples.event("c", partition: 7, offset: 0, deadLetterID: letters[0].id), id: id)
                    ]))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            let open = try await subject.store.deadLetters(after: 0, status: .open, limit: 10)
            let done = try await subject.store.deadLetters(after: 0, status: .done, limit: 10)
            findings.expectEqual(open.map(\.id), [letters[1].id], "the open dead letters")
            findings.expectEqual(done.map(\.id), [letters[0].id], "the done dead letters")
            findings.expectEqual(done.first?.rejection.record, letters[0].rejection.record, "the done letter's record")
        },
        Check("a dead letter that is done is not applied again: its partition is fenced") { subject, findings in
            let samples = subject.samples
            let letters = try await Self.twoLetters(on: subject, findings)
            try await PredictionSinkContract.seed([samples.customer("c")], in: subject.store)
            for (offset, isFirst) in [(Int64(0), true), (1, false)] {
                let id = try await subject.store.reserveEventIDs(1)
                let event = samples.event("c", partition: 7, offset: offset, deadLetterID: letters[0].id)
                let outcome = try await subject.store.write(
                    ScoredBatch(
                        ranges: [samples.range(7, offset, offset + 1)], events: [samples.scored(event, id: id)]))
                if isFirst {
                    findings.expect(outcome.isWritten, "the first outcome is \(outcome), expected written")
                } else {
                    try findings.expectFenced(outcome, [samples.partition(7): StoredPosition(nextOffset: 1)])
                }
            }
        },
        Check("a dead letter that is refused once more stays one letter, open, with the newest reason") {
            subject, findings in
            let samples = subject.samples
            let letters = try await Self.twoLetters(on: subject, findings)
            var again = samples.rejection(partition: 7, offset: 0, deadLetterID: letters[1].id)
            again.code = .unknownCustomer
            again.reason = "no such customer"
            try await Self.reject([again], 0, 1, partition: 7, on: subject, findings)
            let all = try await subject.store.deadLetters(after: 0, status: nil, limit: 10)
            findings.expectEqual(all.map(\.id), letters.map(\.id), "the dead letters")
            let letter = try findings.require(all.last, "the dead letter")
            findings.expectEqual(letter.attempts, 2, "the number of attempts")
            findings.expectEqual(letter.status, .open, "the status")
            findings.expectEqual(letter.rejection.code, .unknownCustomer, "the code")
            findings.expectEqual(letter.rejection.reason, "no such customer", "the reason")
            findings.expectEqual(all.first, letters.first, "the other letter")
        },
        Check("a refused write sets nothing aside and marks nothing as done") { subject, findings in
            let samples = subject.samples
            let letters = try await Self.twoLetters(on: subject, findings)
            let id = try await subject.store.reserveEventIDs(1)
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(0, 0, 2)],
                    events: [samples.scored(samples.event("c", offset: 0, deadLetterID: letters[0].id), id: id)],
                    rejections: [samples.rejection(offset: 1)]))
            findings.expect(outcome.fenced != nil, "the outcome is \(outcome), expected fenced")
            let after = try await subject.store.deadLetters(after: 0, status: nil, limit: 10)
            findings.expectEqual(after, letters, "the dead letters")
        },
    ]

    private static func reject(
        _ rejections: [Rejection], _ from: Int64, _ to: Int64, partition: Int32 = 0, on subject: Subject,
        _ findings: ContractFindings
    ) async throws {
        let outcome = try await subject.store.write(
            ScoredBatch(ranges: [subject.samples.range(partition, from, to)], rejections: rejections))
        findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
    }

    private static func twoLetters(on subject: Subject, _ findings: ContractFindings) async throws -> [DeadLetter] {
        let samples = subject.samples
        try await Self.reject(
            [samples.rejection(offset: 0), samples.rejection(offset: 1)], 0, 2, on: subject, findings)
        let letters = try await subject.store.deadLetters(after: 0, status: nil, limit: 10)
        findings.expectEqual(letters.count, 2, "the number of dead letters")
        return letters.count == 2 ? letters : try findings.require(nil as [DeadLetter]?, "a second dead letter")
    }
}
