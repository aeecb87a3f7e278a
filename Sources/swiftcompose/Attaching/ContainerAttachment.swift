import Linux
import OCI
import Orchestrator

/// A container's streams connected with ours: what `attach` and `run` have in common.
///
/// Output comes from the container's log and input goes into its FIFO, so that neither knows
/// whether a supervisor dies meanwhile.
struct ContainerAttachment: Sendable {
    struct Options: Sendable {
        /// Our input goes in, if the container keeps its own open.
        var takesInput = true
        /// Heeded at a terminal only.
        var detachKeys = DetachKeys.standard
        /// Signals that we get go to the container and do nothing here.
        var passesSignals = true
        /// Output from then on is shown; nil shows the log from its beginning.
        var since: Timestamp?
    }

    /// How it is over.
    enum Ending: Sendable, Equatable {
        /// Nil where how it ended could not be learnt.
        case exited(Int32?)
        /// The user let go of it; it runs on.
        case detached
        /// A signal ended us; the container runs on.
        case interrupted(Signal)
    }

    private let record: ContainerRecord
    private let session: Session
    private let client: SupervisorClient
    private let options: Options

    init(
        _ record: ContainerRecord,
        in session: Session,
        client: SupervisorClient,
        options: Options = Options()
    ) {
        self.record = record
        self.session = session
        self.client = client
        self.options = options
    }

    /// Connects everything, calls `start`, and returns when it is over and all output is shown.
    ///
    /// What `start` throws is thrown on once our terminal is as it was.
    func run(_ start: @Sendable () async throws -> Void) async throws -> Ending {
        let events = try await client.events()
        let signals = try SignalStream(heeded)
        let input = try openInput()
        let raw = record.hasTerminal && input != nil ? try makeRaw() : nil
        defer { raw?.restore() }
        let printer = LogPrinter(
            showsPrefix: false,
            showsTime: false,
            inColour: false,
            keepsStreamsApart: true
        )
        let reading = Reading()
        let output = try LogSession(
            [session.paths.project(record.project).output(of: record)],
            LogOptions(since: options.since, follow: true, inPieces: true),
            onLine: { reading.unlessLost(printer.print($0)) },
            onPause: { reading.unlessLost(printer.flush()) }
        )
        let ending: Result<Ending, any Error>
        do {
            let window = Window(record, client)
            // Who comes later finds nothing on the screen until the program draws it again.
            if options.since == nil { await window.follow() } else { await window.redraw() }
            try await start()
            ending = .success(try await watch(events, signals, input, raw, window, reading))
        } catch {
            ending = .failure(error)
        }
        await output.settle()
        output.stop()
        await output.ended()
        printer.flush()
        return try ending.get()
    }

    /// The container's fate, the signals and the detach keys: whichever ends it.
    private func watch(
        _ events: AsyncStream<ContainerEvent>,
        _ signals: SignalStream,
        _ input: consuming Descriptor?,
        _ raw: RawTerminal?,
        _ window: Window,
        _ reading: Reading
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
            group.addTask { await end(in: events) }
            group.addTask { await end(by: signals, raw, window) }
            group.addTask { await reading.ended() ? .interrupted(.pipe) : nil }
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

    private func end(in events: AsyncStream<ContainerEvent>) async -> Ending? {
        for await event in events where event.container == record.id {
            if case .died(let code, _) = event.kind { return .exited(code) }
        }
        // Nobody is left who could tell, unless it was only us who stopped listening.
        return Task.isCancelled ? nil : .exited(nil)
    }

    private var heeded: [Signal] {
        [.hangUp, .interrupt, .quit, .terminate, .user1, .user2]
            + (record.hasTerminal ? [.windowChange, .continue] : [])
    }

    private func end(
        by signals: SignalStream,
        _ raw: RawTerminal?,
        _ window: Window
    ) async -> Ending? {
        while let signal = await signals.next() {
            switch signal {
            case .windowChange: await window.follow()
            case .continue:
                // Whoever was at the terminal meanwhile has left it as he likes it.
                try? raw?.renew()
            case _ where !options.passesSignals: return .interrupted(signal)
            default:
                // One that has just ended takes no signal, and tells its end next.
                try? await client.request(.kill(container: record.id, signal: signal))
                if signal == .hangUp, record.hasTerminal { return .interrupted(signal) }
            }
        }
        return nil
    }

    private func openInput() throws -> Descriptor? {
        guard options.takesInput, record.keepsInputOpen else { return nil }
        return try session.paths.project(record.project).container(record.id).openStandardInput()
    }

    private func makeRaw() throws -> RawTerminal? {
        StandardStream.input.isTerminal ? try RawTerminal() : nil
    }
}

/// Whether somebody still reads what we show.
private struct Reading: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// Hands on what a printer said.
    func unlessLost(_ isRead: Bool) -> Bool {
        if !isRead { continuation.finish() }
        return isRead
    }

    /// Waits until nobody reads any more; false when the waiting task is cancelled first.
    func ended() async -> Bool {
        for await _ in stream {}
        return !Task.isCancelled
    }
}

/// Keeps a container's terminal as large as ours.
actor Window {
    private let record: ContainerRecord
    private let client: SupervisorClient
    private var size: Linux.Terminal.Size?

    init(_ record: ContainerRecord, _ client: SupervisorClient) {
        self.record = record
        self.client = client
    }

    /// Passes our size on if it is another one than before.
    func follow() async {
        guard let now = ours, now != size else { return }
        size = now
        await set(now)
    }

    /// Passes it on so that the program draws everything anew.
    func redraw() async {
        guard let ours else { return }
        await set(.init(rows: ours.rows &+ 1, columns: ours.columns &+ 1))
        await follow()
    }

    /// Without a terminal on both sides there is no size to pass on.
    private var ours: Linux.Terminal.Size? {
        record.hasTerminal ? try? Linux.Terminal.size(of: StandardStream.output.rawValue) : nil
    }

    private func set(_ size: Linux.Terminal.Size) async {
        // A size that does not arrive spoils the looks but not the session.
        try? await client.request(
            .resize(container: record.id, rows: size.rows, columns: size.columns)
        )
    }
}
