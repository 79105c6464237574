import ChurnCore
import NIOCore

extension JSONWriter {
    /// The written text, as the body of an answer.
    var buffer: ByteBuffer { self.withBytes { ByteBuffer(bytes: $0) } }

    /// Moves what was written to the end of a buffer.
    mutating func move(to buffer: inout ByteBuffer) {
        self.withBytes { _ = buffer.writeBytes($0) }
        self.removeAll()
    }
}
