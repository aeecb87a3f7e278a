import ContainerRuntime
public import Linux
import SystemPackage

/// A command run in a container by the project's supervisor, with streams of the caller's choice.
///
/// The supervisor kills the command when the connection ends before it has exited.
public final class ExecConnection: Sendable {
    private let socket: MessageSocket

    /// Sends the request with up to three descriptors, which become the command's streams; nil if no
    /// supervisor listens.
    public init?(
        _ request: ExecRequest,
        streams: [Int32],
        to files: ProjectPaths
    ) throws(SystemCallError) {
        do throws(SystemCallError) {
            socket = try MessageSocket.connect(to: files.execSocket)
            for part in request.parts { try socket.send(part) }
            for descriptor in streams {
                try socket.send([ExecRequest.Part.stream], file: descriptor)
            }
            try socket.send([ExecRequest.Part.end])
        } catch {
            switch error.reason {
            case .noSuchFileOrDirectory, .connectionRefused, .connectionReset, .brokenPipe:
                return nil
            default: throw error
            }
        }
    }

    /// Blocks until the command has exited, or runs if it is detached.
    ///
    /// `onStart` is called with its pid, `onConsole` with the master side of its terminal.
    public func wait(
        isDetached: Bool,
        onStart: (Int32) -> Void,
        onConsole: (consuming Descriptor) -> Void
    ) -> ExecCall.Outcome {
        do throws(SystemCallError) {
            while let message = try socket.receive() {
                switch ExecAnswer(message.bytes) {
                case .process(let pid):
                    onStart(pid)
                    if isDetached { return .detached }
                case .ended(let code): return .ended(code: code)
                case .absent: return .absent
                case .paused(let container): return .paused(container: container)
                case nil:
                    switch ExecReport(message) {
                    case .console(let console): onConsole(console)
                    case .failed(let error): return .failed(error)
                    case nil: break
                    }
                }
            }
        } catch {
            // The supervisor was killed.
        }
        return .unknown
    }

    /// Ends the connection, which kills the command.
    public func cancel() { LocalSocket.shutDown(socket.descriptor.number) }
}
