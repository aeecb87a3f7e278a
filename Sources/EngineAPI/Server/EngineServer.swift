public import Linux
import NIOCore
import NIOPosix
import Orchestrator
import Synchronization

/// Serves the Engine API on a listening socket.
public final class EngineServer: Sendable {
    /// The most clients at a time; more wait in the socket's queue.
    private static let connectionLimit = 1024

    private let engine: Engine
    private let router = Router()
    private let settings: EngineSettings
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let activity: Activity
    private let changes: ChangeLog
    /// Writing to a pipe that nothing reads is an error, and not the end of the process.
    private let brokenPipes: SignalStream

    public init(_ settings: EngineSettings) throws {
        self.settings = settings
        engine = try Engine(settings)
        activity = Activity()
        changes = try ChangeLog(in: settings.paths.run)
        brokenPipes = try SignalStream([.pipe])
    }

    /// Serves clients of the listening socket until there have been none for the idle limit, or until
    /// the waiting task is cancelled.
    public func run(on listener: consuming Descriptor) async throws {
        let number = listener.release()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try self.open(channel) }
            }
        let channel = try await bootstrap.withBoundSocket(number).get()
        await waitForIdleness()
        try await channel.close()
        try await group.shutdownGracefully()
    }

    private func open(_ channel: any Channel) throws {
        guard activity.begin(upTo: Self.connectionLimit) else {
            channel.close(promise: nil)
            return
        }
        let input = ConnectionInput(channel)
        try channel.pipeline.syncOperations.addHandler(InputHandler(input))
        let connection = EngineConnection(
            channel: channel,
            input: input,
            engine: engine,
            router: router,
            settings: settings,
            peer: try Self.peer(of: channel),
            changes: changes
        )
        // Ends with the connection, which `activity` counts.
        Task { [activity] in
            await connection.serve()
            activity.end()
        }
    }

    private static func peer(of channel: any Channel) throws -> PeerCredentials? {
        let operations = channel.pipeline.syncOperations
        return try operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            // A client may have closed its end already.
            try? PeerCredentials(ofSocket: $0)
        } ?? nil
    }

    /// Returns when there has been no connection for the idle limit; never without one.
    private func waitForIdleness() async {
        while !Task.isCancelled {
            guard let limit = settings.idleLimit else {
                // Cancellation ends the wait.
                try? await Task.sleep(for: .seconds(86_400))
                continue
            }
            let seen = activity.count
            try? await Task.sleep(for: limit)
            if activity.isIdle(since: seen) { return }
        }
    }
}

/// Counts the connections.
final class Activity: Sendable {
    private let state = Mutex<(open: Int, total: Int)>((0, 0))

    /// The number of connections so far.
    var count: Int { state.withLock { $0.total } }

    /// False if there are too many.
    func begin(upTo limit: Int) -> Bool {
        state.withLock { state in
            guard state.open < limit else { return false }
            state.open += 1
            state.total += 1
            return true
        }
    }

    func end() { state.withLock { $0.open -= 1 } }

    /// Whether there is no connection, and was none since there had been `count` of them.
    func isIdle(since count: Int) -> Bool {
        state.withLock { $0.open == 0 && $0.total == count }
    }
}
