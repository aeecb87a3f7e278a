import Linux

// Containers of `run --rm`.
extension SupervisedContainer {
    /// Whether the container has exited and is still to be deleted.
    var awaitsRemoval: Bool {
        guard case .inactive = activity else { return false }
        return record.removesItself && state.status == .exited
    }

    /// Deletes the container, unless the command that started it is connected and may be reading
    /// its log.
    func removeIfForgotten() {
        guard awaitsRemoval, holder == nil, siblings.hasTakenOver else { return }
        remove()
    }

    /// Deletes the container at a command's request. If it is running, or being started for a
    /// command that was killed, it is deleted when it exits.
    func remove(_ reply: Reply) {
        if !isActive { remove() }
        reply(.success(()))
    }

    private func remove() {
        activity = .removed
        storedState.discard()
        do {
            let store = ContainerStore(environment.paths)
            try store.remove(id, of: environment.project) {
                try store.removeAnonymousVolumes(of: record)
            }
            emit(.removed)
        } catch {
            environment.log("cannot remove container \(record.name): \(error)")
        }
    }
}
