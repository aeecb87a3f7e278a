public import Linux
public import OCI

/// A container's streams connected with the command's, for `attach` and `run`.
///
/// Output is read from the container's log and input is written into its FIFO, so that neither
/// notices when a supervisor dies.
public struct ContainerAttachment: Sendable {
    public struct Options: Sendable {
        /// Standard input is forwarded if the container keeps its own open.
        public var takesInput: Bool
        /// Detach from a container with a terminal.
        public var detachKeys: DetachKeys
        /// Signals are forwarded to the container instead of ending the command.
        public var passesSignals: Bool
        /// The time from which output is shown; nil shows the log from its beginning.
        public var since: Timestamp?

        public init(
            takesInput: Bool = true,
            detachKeys: DetachKeys = .standard,
            passesSignals: Bool = true,
            since: Timestamp? = nil
        ) {
            self.takesInput = takesInput
            self.detachKeys = detachKeys
            self.passesSignals = passesSignals
            self.since = since
        }
    }

    /// The end of an attachment.
    public enum Ending: Sendable, Equatable {
        /// The container exited; its status is nil where it is unknown.
        case exited(Int32?)
        /// The user detached; the container keeps running.
        case detached
        /// A signal ended the command; the container keeps running.
        case interrupted(Signal)
    }

    private let record: ContainerRecord
    private let session: ProjectSession
    private let client: SupervisorClient
    private let options: Options
    private let display: LogDisplay

    public init(
        _ record: ContainerRecord,
        in session: ProjectSession,
        client: SupervisorClient,
        options: Options = Options(),
        display: LogDisplay
    ) {
        self.record = record
        self.session = session
        self.client = client
        self.options = options
        self.display = display
    }

    /// Connects the streams, calls `start`, and returns at the end once all output is shown.
    ///
    /// An error of `start` is thrown again once the command's terminal is restored.
    public func run(_ start: @escaping @Sendable () async throws -> Void) async throws -> Ending {
        let events = try await client.events()
        let signals = try SignalStream(handledSignals)
        let input = try openInput()
        let raw = record.hasTerminal && input != nil ? try makeRaw() : nil
        defer { raw?.restore() }
        let readers = OutputReaders()
        let display = display
        let output = try LogSession(
            [session.paths.project(record.project).output(of: record)],
            LogOptions(since: options.since, follow: true, inPieces: true),
            onLine: { readers.note(display.print($0)) },
            onPause: { readers.note(display.flush()) }
        )
        let ending: Result<Ending, any Error>
        do {
            let window = WindowSize(record, client)
            // A later attachment has an empty screen until the program draws again.
            if options.since == nil { await window.update() } else { await window.redraw() }
            if let signal = try await startUnlessInterrupted(start, signals) {
                ending = .success(.interrupted(signal))
            } else {
                ending = .success(try await wait(events, signals, input, raw, window, readers))
            }
        } catch {
            ending = .failure(error)
        }
        await output.settle()
        output.stop()
        await output.ended()
        _ = display.flush()
        return try ending.get()
    }

    /// Calls `start`; returns the signal that ends the command because the supervisor does not answer.
    private func startUnlessInterrupted(
        _ start: @escaping @Sendable () async throws -> Void,
        _ signals: SignalStream
    ) async throws -> Signal? {
        try await withThrowingTaskGroup(of: Signal?.self) { group in
            group.addTask {
                try await start()
                return nil
            }
            group.addTask {
                guard await session.silence.begun() else { throw CancellationError() }
                while let signal = await signals.next() {
                    if signal.isRequestToEnd { return signal }
                }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Waits for the container's exit, a signal, the detach keys or the loss of the output.
    private func wait(
        _ events: AsyncStream<ContainerEvent>,
        _ signals: SignalStream,
        _ input: consuming Descriptor?,
        _ raw: RawTerminal?,
        _ window: WindowSize,
        _ readers: OutputReaders
    ) async throws -> Ending {
        let copy: InputCopy?
        if let fifo = input.take() {
            copy = try InputCopy(
                from: StandardStream.input.rawValue,
                to: fifo,
                until: record.hasTerminal ? options.detachKeys : nil
            )
        } else {
            copy = nil
        }
        defer { copy?.stop() }
        return await withTaskGroup(of: Ending?.self) { group in
            group.addTask { await exit(in: events) }
            group.addTask { await handle(signals, raw, window) }
            group.addTask { await readers.gone() ? .interrupted(.pipe) : nil }
            if let copy {
                group.addTask { await copy.ended() == .detached ? .detached : nil }
            }
            defer {
                copy?.stop()
                group.cancelAll()
            }
            for await ending in group {
                if let ending { return ending }
            }
            return .exited(nil)
        }
    }

    private func exit(in events: AsyncStream<ContainerEvent>) async -> Ending? {
        for await event in events where event.container == record.id {
            if case .died(let code, _) = event.kind { return .exited(code) }
        }
        // No supervisor is left to report the status, unless this task was cancelled.
        return Task.isCancelled ? nil : .exited(nil)
    }

    private var handledSignals: [Signal] {
        [.hangUp, .interrupt, .quit, .terminate, .user1, .user2]
            + (record.hasTerminal ? [.windowChange, .continue] : [])
    }

    private func handle(
        _ signals: SignalStream,
        _ raw: RawTerminal?,
        _ window: WindowSize
    ) async -> Ending? {
        while let signal = await signals.next() {
            switch signal {
            case .windowChange: await window.update()
            case .continue:
                // A shell may have changed the terminal while the command was suspended. If the
                // terminal is lost, SIGHUP follows.
                try? raw?.renew()
            case _ where !options.passesSignals: return .interrupted(signal)
            default:
                let isForwarded = await forward(signal)
                if signal.isRequestToEnd, !isForwarded { return .interrupted(signal) }
                if signal == .hangUp, record.hasTerminal { return .interrupted(signal) }
            }
        }
        return nil
    }

    /// Sends a signal to the container; false if the supervisor does not answer.
    private func forward(_ signal: Signal) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                // A container that has just exited accepts no signal, and its exit follows.
                try? await client.request(.kill(container: record.id, signal: signal))
                return true
            }
            group.addTask { await !session.silence.begun() }
            defer { group.cancelAll() }
            return await group.next() ?? true
        }
    }

    private func openInput() throws -> Descriptor? {
        guard options.takesInput, record.keepsInputOpen else { return nil }
        return try session.paths.project(record.project).container(record.id).openStandardInput()
    }

    private func makeRaw() throws -> RawTerminal? {
        StandardStream.input.isTerminal ? try RawTerminal() : nil
    }
}

/// Detects that the reader of the command's output has closed it.
private struct OutputReaders: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// Records whether a write succeeded, and returns it.
    func note(_ isRead: Bool) -> Bool {
        if !isRead { continuation.finish() }
        return isRead
    }

    /// Waits until the output is closed; false when the waiting task is cancelled first.
    func gone() async -> Bool {
        for await _ in stream {}
        return !Task.isCancelled
    }
}

/// Keeps the size of a container's terminal equal to the command's.
private actor WindowSize {
    private let record: ContainerRecord
    private let client: SupervisorClient
    private var size: Linux.Terminal.Size?

    init(_ record: ContainerRecord, _ client: SupervisorClient) {
        self.record = record
        self.client = client
    }

    /// Sets the container's size if the command's has changed.
    func update() async {
        guard let now = current, now != size else { return }
        size = now
        await set(now)
    }

    /// Changes the size twice, which makes the program redraw its screen.
    func redraw() async {
        guard let current else { return }
        await set(.init(rows: current.rows &+ 1, columns: current.columns &+ 1))
        await update()
    }

    /// The command's size; nil without a terminal on both sides.
    private var current: Linux.Terminal.Size? {
        record.hasTerminal ? try? Linux.Terminal.size(of: StandardStream.output.rawValue) : nil
    }

    private func set(_ size: Linux.Terminal.Size) async {
        // A failure affects the layout only.
        try? await client.request(
            .resize(container: record.id, rows: size.rows, columns: size.columns)
        )
    }
}
