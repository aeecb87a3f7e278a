import Linux
import NIOCore
import Orchestrator

/// Copies a client's input into a container's.
final class InputPump: Sendable {
    private let input: ConnectionInput
    private let copy: InputCopy
    /// What the copying thread reads from.
    private let source: Descriptor
    private let sink: Int32

    /// `keys` end the attachment to a terminal.
    init(
        _ target: consuming Descriptor,
        from input: ConnectionInput,
        keys: DetachKeys?
    ) throws(SystemCallError) {
        let pipe = try Pipe()
        sink = try pipe.writeEnd.duplicate().release()
        let reader = pipe.takeReadEnd()
        copy = try InputCopy(from: reader.number, to: target, until: keys)
        source = reader
        self.input = input
    }

    /// Returns once the input has ended, or the keys were pressed.
    func run() async -> InputCopy.Ending {
        await withTaskGroup(of: InputCopy.Ending?.self) { group in
            group.addTask { [self] in
                await ByteFeed(sink).run(input)
                return nil
            }
            group.addTask { [copy] in await copy.ended() }
            defer {
                copy.stop()
                group.cancelAll()
            }
            for await ending in group { if let ending { return ending } }
            return .stopped
        }
    }
}

/// Writes a client's input to a descriptor, which is closed at the input's end.
struct ByteFeed: Sendable {
    private let target: Int32

    /// Takes ownership of the descriptor.
    init(_ target: Int32) { self.target = target }

    /// Returns at the end of the input; true if the `keys` were pressed.
    @discardableResult
    func run(_ input: ConnectionInput, until keys: DetachKeys? = nil) async -> Bool {
        let owner = Shared(Descriptor(owning: target))
        var scanner = keys.map(DetachScanner.init)
        do {
            while let bytes = await input.next() {
                let arrived = Array(bytes.readableBytesView)
                let (piece, isDetached) = scanner?.pass(arrived) ?? (arrived, false)
                try await BackgroundThread.run { try owner.value.write(piece) }
                if isDetached { return true }
            }
        } catch {
            // The program has closed its input.
        }
        return false
    }
}
