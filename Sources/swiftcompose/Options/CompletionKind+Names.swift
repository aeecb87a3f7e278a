import ArgumentParser
import Orchestrator

/// Completions that read the project, or the host, that the words on the command line select.
extension CompletionKind {
    /// Services of the Compose file.
    static var declaredServices: CompletionKind {
        names { $0.declaredServices }
    }

    /// Services that have containers.
    static var existingServices: CompletionKind { names { $0.services { _ in true } } }

    /// Services with running containers.
    static var runningServices: CompletionKind { names { $0.services(where: \.isRunning) } }

    /// A service and a colon, or a file of the host.
    static var copyPlaces: CompletionKind {
        .custom { words, _, prefix in
            if prefix.hasPrefix("/") || prefix.hasPrefix(".") || prefix.contains(":") { return [] }
            return CompletionSource(words).services { _ in true }.map { $0 + ":" }
        }
    }

    /// Variables of the Compose file, and services to be followed by `.` and a key.
    static var explainable: CompletionKind {
        names { $0.variables + $0.declaredServices.map { $0 + "." } }
    }

    /// Profiles of the Compose file.
    static var profiles: CompletionKind { names { $0.profiles } }

    /// Names of projects with containers.
    static var projects: CompletionKind { names { $0.projects } }

    /// Names of local images.
    static var images: CompletionKind { names { $0.images } }

    /// Names of the project's volumes, to be followed by `:` and a path.
    static var volumes: CompletionKind { names { $0.volumes.map { $0 + ":" } } }

    /// Names of all networks.
    static var networks: CompletionKind { names { $0.networks } }

    /// Names of all volumes.
    static var existingVolumes: CompletionKind { names { $0.existingVolumes } }

    /// Names of the snapshots of all volumes.
    static var volumeSnapshots: CompletionKind { names { $0.volumeSnapshots } }

    /// Names of the containers of all projects.
    static var containers: CompletionKind { names { $0.containers } }

    private static func names(
        _ list: @escaping @Sendable (CompletionSource) -> [String]
    ) -> CompletionKind {
        .custom { words, _, _ in list(CompletionSource(words)) }
    }
}
