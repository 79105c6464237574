import ChurnCore
import Testing

@Suite struct UpdateCursorTextTests {
    private func cursor(_ random: inout SeededRandom) -> UpdateCursor {
        var cursor = UpdateCursor()
        for _ in 0..<random.index(below: 12) {
            let name = StreamName(
                cluster: ["", "lkc-1", "clüster"][random.index(below: 3)],
                topic: ["a", "b/\"{"][random.index(below: 2)])
            let stream = StreamIdentity(name: name, epoch: Int32(random.index(below: 3)) - 1)
            let partition = random.chance(0.1) ? Int32.max : Int32(random.index(below: 300))
            let number = random.chance(0.1) ? Int64.max : Int64(random.index(below: 1_000_000))
            cursor.seen[StreamPartition(stream: stream, partition: partition)] = number
        }
        return cursor
    }

    @Test("a cursor comes back from its text, which is safe in a URL")
    func roundTrip() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<2_000 {
            let cursor = self.cursor(&random)
            #expect(UpdateCursor(text: cursor.text) == cursor)
            #expect(
                cursor.text.utf8.allSatisfy { byte in
                    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                        || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || Array("-_.".utf8).contains(byte)
                })
        }
    }

    @Test("a text that was cut, lengthened or changed is refused and never crashes")
    func damaged() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<5_000 {
            let text = Array(self.cursor(&random).text.utf8)
            var damaged = text
            switch random.index(below: 3) {
            case 0: damaged = Array(text.prefix(random.index(below: text.count)))
            case 1: damaged.append(UInt8(ascii: "A"))
            default: damaged[random.index(below: text.count)] = UInt8(33 + random.index(below: 90))
            }
            if damaged == text { continue }
            #expect(UpdateCursor(text: String(decoding: damaged, as: UTF8.self)) == nil)
        }
    }

    @Test(
        "what was never a cursor is refused",
        arguments: [
            "", "1", "1.", "2.AAAA", "1.AAAA", "1.====", "cursor", "1.\u{0}", "1.é",
            String(repeating: "A", count: 20_000),
            "1." + String(repeating: "_", count: 12_000),
        ])
    func nonsense(_ text: String) { #expect(UpdateCursor(text: text) == nil) }

    @Test("a few hundred partitions fit into the limit")
    func size() {
        var cursor = UpdateCursor()
        let stream = StreamIdentity(name: StreamName(cluster: "production", topic: "user_events_topic"))
        for partition in 0..<500 {
            cursor.seen[StreamPartition(stream: stream, partition: Int32(partition))] = 1_000_000_000_000
        }
        #expect(cursor.text.utf8.count <= UpdateCursor.maximumTextBytes)
        #expect(UpdateCursor(text: cursor.text) == cursor)
    }

    @Test("what a process stores may be of any length, and what cannot be read is an error and not the beginning")
    func stored() throws {
        var cursor = UpdateCursor()
        for partition in 0..<5_000 {
            let stream = StreamIdentity(
                name: StreamName(cluster: "production", topic: "user_events_topic"), epoch: Int32(partition % 3))
            cursor.seen[StreamPartition(stream: stream, partition: Int32(partition))] = 1_000_000_000_000
        }
        #expect(cursor.text.utf8.count > UpdateCursor.maximumTextBytes)
        #expect(UpdateCursor(text: cursor.text) == nil)
        #expect(try UpdateCursor(stored: cursor.text) == cursor)
        for text in ["", "1.", String(cursor.text.dropLast())] {
            let error = #expect(throws: ChurnError.self) { try UpdateCursor(stored: text) }
            #expect(error?.code == .stateUnreadable && error?.disposition == .retry)
        }
    }

    @Test("a reader that comes to an epoch of a stream names the ones before it no more")
    func epochs() {
        func partition(_ number: Int32, _ epoch: Int32, _ topic: String = "t") -> StreamPartition {
            StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "c", topic: topic), epoch: epoch), partition: number)
        }
        var cursor = UpdateCursor(seen: [partition(0, 1): 5, partition(1, 1): 9, partition(0, 1, "other"): 3])
        cursor.advance(partition(0, 1), to: 7)
        cursor.advance(partition(0, 1), to: 6)
        #expect(cursor.seen == [partition(0, 1): 7, partition(1, 1): 9, partition(0, 1, "other"): 3])
        cursor.advance(partition(1, 2), to: 0)
        #expect(cursor.seen == [partition(1, 2): 0, partition(0, 1, "other"): 3])
        let end = UpdateCursor(seen: [partition(0, 0): 5, partition(0, 2): 1, partition(0, 0, "other"): 3])
        #expect(end.withoutFinishedEpochs.seen == [partition(0, 2): 1, partition(0, 0, "other"): 3])
    }
}
