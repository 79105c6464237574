import ChurnCore
import NIOCore

@testable import ChurnServe

/// A socket that takes some bytes and is then full, until it is drained.
///
/// Lives on one event loop.
final class FakeSocket: WebSocketOutbound {
    private(set) var texts: [String] = []
    private var room: Int
    private let session: UpdateSubscriber
    private(set) var closeCode: CloseCode?

    init(session: UpdateSubscriber, room: Int) {
        self.session = session
        self.room = room
    }

    var isWritable: Bool { self.room > 0 && self.closeCode == nil }

    func write(_ frames: ByteBuffer) {
        var bytes = Array(frames.readableBytesView)[...]
        while let frame = WebSocketClient.popFrame(&bytes) {
            self.texts.append(String(decoding: frame.payload, as: UTF8.self))
            self.room -= 1
        }
        precondition(bytes.isEmpty, "frames are written whole")
    }

    func flush() {}

    func close(_ code: CloseCode, reason: StaticString) { self.closeCode = code }

    func open() { self.session.opened(self) }

    func drain(room: Int) {
        self.room = room
        if room > 0 { self.session.becameWritable() }
    }

    func disconnect() { self.session.closed() }
}

/// A subscriber with its fake socket, driven from outside its event loop.
struct FakeSubscriber: Sendable {
    private let eventLoop: any EventLoop
    private let socket: NIOLoopBoundBox<FakeSocket?>

    init(
        hub: UpdateHub, eventLoop: any EventLoop, resumeFrom: UpdateCursor? = nil, options: SubscriptionOptions? = nil,
        room: Int
    ) async throws {
        self.eventLoop = eventLoop
        self.socket = .makeEmptyBox(valueType: FakeSocket.self, eventLoop: eventLoop)
        let box = self.socket
        try await eventLoop.submit {
            let session = UpdateSubscriber(
                hub: hub, eventLoop: eventLoop, options: options ?? SubscriptionOptions(cursor: resumeFrom))
            let socket = FakeSocket(session: session, room: room)
            box.value = socket
            socket.open()
        }.get()
    }

    var items: [FeedText.Item] {
        get async throws {
            let box = self.socket
            return try await self.eventLoop.submit { box.value?.texts ?? [] }.get().map(FeedText.item)
        }
    }

    var closeCode: CloseCode? {
        get async throws {
            let box = self.socket
            return try await self.eventLoop.submit { box.value?.closeCode }.get()
        }
    }

    func drain(room: Int) async throws {
        let box = self.socket
        try await self.eventLoop.submit { box.value?.drain(room: room) }.get()
    }

    func disconnect() async throws {
        let box = self.socket
        try await self.eventLoop.submit { box.value?.disconnect() }.get()
    }
}
