import Linux

// Containers of `run --rm`.
extension SupervisedContainer {
    /// It has ended and is still to go.
    var awaitsRemoval: Bool {
        record.removesItself && !isActive && !isRemoved && state.status == .exited
    }

    /// Deletes it, unless who started it is still there and may be reading its log.
    func removeIfForgotten() {
        guard awaitsRemoval, holder == nil, supervisor.isReady else { return }
        remove()
    }

    /// Deletes it because a command wants so.
    func remove(_ reply: Reply) {
        if isActive { return refuse(reply, "container \(record.name) is running") }
        remove()
        reply(.success(()))
    }

    private func remove() {
        isRemoved = true
        do {
            let volumes = VolumeStore(directory: supervisor.paths.volumes)
            for volume in record.volumes where volume.isAnonymous {
                try volumes.remove(volume.name)
            }
            try ContainerStore(supervisor.paths).remove(id, of: supervisor.project)
            tell(.removed)
        } catch {
            supervisor.note("\(record.name) is not removed: \(error)")
        }
    }
}
