import ComposeFile

/// Init containers: the steps of `pre_start`.
///
/// Source: Compose Specification, services, `pre_start`; docker compose v5.
extension Service {
    /// The container of a step, described as a service.
    ///
    /// It shares the mounts of the container that it prepares, the networks and the environment.
    /// A step with an image of its own takes entrypoint, user and working directory from that image.
    func initContainer(_ index: Int, sharingMountsOf container: String) -> Service {
        let step = preStart[index]
        var service = self
        service.volumes = []
        service.volumesFrom = ["container:\(container)"]
        service.command = step.command
        service.environment.merge(step.environment) { $1 }
        service.privileged = privileged || step.privileged
        if step.image != nil {
            (service.entrypoint, service.user, service.workingDirectory) = (nil, nil, nil)
        }
        service.user = step.user ?? service.user
        service.workingDirectory = step.workingDirectory ?? service.workingDirectory
        service.removeWhatServes()
        return service
    }

    /// Removes what makes a container reachable or lasting: an init container does its work and exits.
    private mutating func removeWhatServes() {
        containerName = nil
        scale = 1
        ports = []
        restart = nil
        deploy?.restartPolicy = nil
        (tty, stdinOpen) = (false, false)
        (preStart, postStart, preStop) = ([], [], [])
        // The addresses belong to the service's own container.
        macAddress = nil
        for key in networks.keys {
            networks[key]?.ipv4Address = nil
            networks[key]?.ipv6Address = nil
            networks[key]?.linkLocalIPs = []
            networks[key]?.macAddress = nil
        }
    }

    /// The key of a step's image among the images of services, which no service's name equals.
    func initImageKey(_ index: Int) -> String { "\(name) pre_start[\(index)]" }

    /// The steps with an image of their own, each as a service that has only the image, under the
    /// step's key.
    var initImages: [Service] {
        preStart.enumerated().compactMap { index, step in
            guard let image = step.image else { return nil }
            var service = self
            service.name = initImageKey(index)
            service.image = image
            service.build = nil
            if service.pullPolicy == .build { service.pullPolicy = nil }
            return service
        }
    }
}
