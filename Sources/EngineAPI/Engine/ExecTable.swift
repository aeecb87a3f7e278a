import Synchronization

/// The commands that clients have asked to run in containers, by id.
final class ExecTable: Sendable {
    struct Exec: Sendable {
        var id: String
        var container: String
        var project: String
        /// The document of the request that created it.
        var request: JSON
        var hasStarted = false
        var isRunning = false
        var pid: Int32 = 0
        var exitCode: Int32?
        /// Changes the size of its terminal, while it has one.
        var resize: (@Sendable (_ rows: UInt16, _ columns: UInt16) -> Void)?
    }

    /// The number of finished commands that are remembered.
    private static let limit = 1000

    private let state = Mutex<(execs: [String: Exec], order: [String])>(([:], []))

    func add(_ exec: Exec) {
        state.withLock { state in
            state.execs[exec.id] = exec
            state.order.append(exec.id)
            while state.order.count > Self.limit, state.execs[state.order[0]]?.isRunning != true {
                state.execs[state.order.removeFirst()] = nil
            }
        }
    }

    subscript(id: String) -> Exec? { state.withLock { $0.execs[id] } }

    func change(_ id: String, _ body: (inout Exec) -> Void) {
        state.withLock { state in
            if var exec = state.execs[id] {
                body(&exec)
                state.execs[id] = exec
            }
        }
    }

    func ids(of container: String) -> [String] {
        state.withLock { state in
            state.order.filter { id in
                state.execs[id].map { $0.container == container && $0.isRunning } ?? false
            }
        }
    }
}
