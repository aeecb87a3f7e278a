import Linux

// Containers of `run --rm`.
extension SupervisedContainer {
    /// It has exited and is still to be deleted.
    var awaitsRemoval: Bool {
        guard case .inactive = activity else { return false }
        return record.removesItself && state.status == .exited
    }

    /// Deletes it, unless the command that started it is connected and may be reading its log.
    func removeIfForgotten() {
        guard awaitsRemoval, holder == nil, siblings.hasTakenOver else { return }
        remove()
    }

    /// Deletes it at a command's request. One that runs, or is being started for a command that
    /// was killed, is deleted when it exits.
    func remove(_ reply: Reply) {
        if !isActive { remove() }
        reply(.success(()))
    }

    private func remove() {
        activity = .removed
        storedState.discard()
        do {
            let store = ContainerStore(environment.paths)
            try store.remove(id, of: environment.project)
            try store.removeAnonymousVolumes(of: record)
            emit(.removed)
        } catch {
            environment.log("cannot remove container \(record.name): \(error)")
        }
    }
}
