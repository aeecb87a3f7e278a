import OCI
import Orchestrator

/// Writes a container's output in the form that clients read: framed by stream, or raw for a
/// terminal.
///
/// Source: Engine API, `ContainerAttach`, "Stream format".
struct OutputFrames {
    /// The bytes after which the writer is called.
    private static let batch = 65_536

    let isRaw: Bool
    var showsTimes = false
    var showsOutput = true
    var showsErrors = true
    private var pending: [UInt8] = []

    init(isRaw: Bool) { self.isRaw = isRaw }

    /// Adds a line or a piece of one; returns false if there is enough to be written.
    mutating func add(_ line: LogLine) -> Bool {
        guard line.stream == .output ? showsOutput : showsErrors else { return true }
        var payload: [UInt8] = showsTimes ? Array("\(line.time.nineDigits) ".utf8) : []
        payload += line.text
        if !line.continues { payload.append(UInt8(ascii: "\n")) }
        add(payload, to: line.stream)
        return pending.count < Self.batch
    }

    mutating func add(_ payload: some Collection<UInt8>, to stream: LogStream) {
        guard !payload.isEmpty else { return }
        if !isRaw {
            let count = UInt32(payload.count)
            pending += [stream == .output ? 1 : 2, 0, 0, 0]
            pending += (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
        }
        pending += payload
    }

    /// Removes and returns what has been added.
    mutating func take() -> [UInt8] {
        defer { pending = [] }
        return pending
    }

    static let rawType = "application/vnd.docker.raw-stream"
    static let framedType = "application/vnd.docker.multiplexed-stream"

    /// The content type of a stream for a client of this version.
    static func type(isRaw: Bool, for version: APIVersion) -> String {
        isRaw || version < APIVersion(minor: 42) ? rawType : framedType
    }
}
