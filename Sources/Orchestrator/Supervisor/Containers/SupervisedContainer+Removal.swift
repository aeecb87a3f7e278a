import Linux

// Containers of `run --rm`.
extension SupervisedContainer {
    /// It has ended and is still to go.
    var awaitsRemoval: Bool {
        record.removesItself && !isActive && !isRemoved && state.status == .exited
    }

    /// Deletes it, unless who started it is still there and may be reading its log.
    func removeIfForgotten() {
        guard awaitsRemoval, holder == nil, siblings.hasTakenOver else { return }
        remove()
    }

    /// Deletes it because a command wants so; one that runs, or is just being started by a command
    /// that was killed after asking for it, goes when it ends.
    func remove(_ reply: Reply) {
        if !isActive { remove() }
        reply(.success(()))
    }

    private func remove() {
        isRemoved = true
        do {
            let volumes = VolumeStore(directory: environment.paths.volumes)
            for volume in record.volumes where volume.isAnonymous {
                try volumes.remove(volume.name)
            }
            try ContainerStore(environment.paths).remove(id, of: environment.project)
            emit(.removed)
        } catch {
            environment.log("\(record.name) is not removed: \(error)")
        }
    }
}
