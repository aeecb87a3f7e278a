import Linux

/// The only writer of a container's state, in memory and in `state.json`.
///
/// A write that fails, as on a full disk, is repeated until it succeeds.
final class StoredState {
    private static let retryInterval = Duration.seconds(1)

    private(set) var value: ContainerState
    private let files: StateFiles
    /// The container's name, for messages.
    private let name: String
    private let loop: EventLoop
    /// Runs while the file is out of date.
    private var retry: EventLoop.Timer?
    /// Why the file is out of date; nil if it is not.
    private(set) var writeFailure: (any Error)?

    /// Reads the file; a container without a readable one counts as created.
    init(_ files: StateFiles, name: String, loop: EventLoop) {
        self.files = files
        self.name = name
        self.loop = loop
        value = files.state() ?? ContainerState(status: .created)
    }

    /// Changes the state in memory; the file follows with the next `save` or `update`.
    func change(_ body: (inout ContainerState) -> Void) { body(&value) }

    /// Changes the state, and writes the file now or as soon as possible.
    func update(_ body: (inout ContainerState) -> Void) {
        change(body)
        // `save` has logged the failure and repeats the write.
        try? save()
    }

    /// Writes the file; throws when it cannot be written now.
    func save() throws {
        cancelRetry()
        do {
            try files.write(value)
            writeFailure = nil
        } catch {
            SupervisorLog.write("cannot write the state of container \(name): \(error)")
            writeFailure = error
            retryLater()
            throw error
        }
    }

    /// Stops writing, because the container is being deleted.
    func discard() { cancelRetry() }

    private func cancelRetry() {
        if let retry { loop.cancel(retry) }
        retry = nil
    }

    private func retryLater() {
        retry = loop.after(Self.retryInterval) { [weak self] in
            guard let self else { return }
            retry = nil
            do {
                try files.write(value)
                writeFailure = nil
            } catch {
                retryLater()
            }
        }
    }
}
