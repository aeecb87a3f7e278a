public import SystemPackage

/// The directories of swiftcompose: `data` is persistent, `run` need not outlive a boot.
public struct DataPaths: Sendable, Equatable {
    /// Images, snapshots, networks, volumes, containers.
    public var data: FilePath
    /// Sockets and locks.
    public var run: FilePath

    public init(data: FilePath, run: FilePath) {
        self.data = data
        self.run = run
    }

    /// `SWIFTCOMPOSE_ROOT` when set; `/var/lib` and `/run` for root; the XDG directories otherwise.
    public init(environment: [String: String], isRoot: Bool) {
        if let root = environment["SWIFTCOMPOSE_ROOT"], !root.isEmpty {
            self.init(data: FilePath(root).appending("lib"), run: FilePath(root).appending("run"))
        } else if isRoot {
            self.init(data: "/var/lib/swiftcompose", run: "/run/swiftcompose")
        } else {
            let home = environment["HOME"] ?? "/"
            let data = environment["XDG_DATA_HOME"] ?? "\(home)/.local/share"
            let run = environment["XDG_RUNTIME_DIR"] ?? "\(home)/.cache"
            self.init(
                data: FilePath(data).appending("swiftcompose"),
                run: FilePath(run).appending("swiftcompose")
            )
        }
    }

    public var networks: FilePath { data.appending("networks") }
    public var volumes: FilePath { data.appending("volumes") }
    var volumeSnapshots: FilePath { data.appending("volume-snapshots") }
    /// Names of containers that are being created, a file for each project.
    var reservations: FilePath { run.appending("names") }
    /// The socket of the Engine API where no other is given.
    public var apiSocket: FilePath { run.appending("docker.sock") }
    public var cache: FilePath { data.appending("cache") }
    public var projects: FilePath { data.appending("projects") }

    public func project(_ name: String) -> ProjectPaths {
        ProjectPaths(
            data: projects.appending(name),
            run: run.appending("projects").appending(name)
        )
    }
}

/// The directories of one project.
public struct ProjectPaths: Sendable, Equatable {
    public var data: FilePath
    public var run: FilePath

    /// One directory for each container, named by its id.
    public var containers: FilePath { data.appending("containers") }
    /// The supervisor's socket for requests.
    public var socket: FilePath { run.appending("supervisor.sock") }
    /// The supervisor's socket for `exec`.
    public var execSocket: FilePath { run.appending("exec.sock") }
    /// Held by the supervisor as long as it runs.
    public var supervisorLock: FilePath { run.appending("supervisor.lock") }
    /// The keeper's socket.
    var keeperSocket: FilePath { run.appending("keeper.sock") }
    /// Held while a supervisor is being started.
    var startingLock: FilePath { run.appending("starting.lock") }
    /// Held by a command that changes the project.
    public var changeLock: FilePath { run.appending("change.lock") }
    /// Held by a command that watches the project's sources.
    public var watchLock: FilePath { run.appending("watch.lock") }
    /// The supervisor's own log.
    public var supervisorLog: FilePath { run.appending("supervisor.log") }

    /// The directory through which a container's output passes on its way into the log; removed when
    /// its run has been cleaned up.
    func spool(_ container: String) -> FilePath { run.appending("output").appending(container) }

    /// The small log, beside its spool, of a container whose output is not kept.
    static func passingLog(_ spool: FilePath) -> FilePath { FilePath("\(spool.string).log") }

    public func container(_ id: String) -> ContainerPaths {
        ContainerPaths(directory: containers.appending(id))
    }
}

/// The files of one container; its directory is an OCI runtime bundle.
public struct ContainerPaths: Sendable, Equatable {
    public var directory: FilePath

    /// `ContainerRecord`, written once.
    public var record: FilePath { directory.appending("container.json") }
    /// `ContainerState`, written only by the supervisor.
    public var state: FilePath { directory.appending("state.json") }
    /// The document with which a client of the Engine API asked for the container; missing for others.
    public var request: FilePath { directory.appending("request.json") }
    /// The OCI runtime specification.
    public var specification: FilePath { directory.appending("config.json") }
    /// `ContainerOrigin`; missing for a container of an earlier version.
    public var origin: FilePath { directory.appending("origin.json") }
    /// The attributes of the service as JSON, to be compared with those of later ones.
    public var model: FilePath { directory.appending("service.json") }
    public var upper: FilePath { directory.appending("upper") }
    public var work: FilePath { directory.appending("work") }
    public var rootfs: FilePath { directory.appending("rootfs") }
    public var hosts: FilePath { directory.appending("hosts") }
    public var hostname: FilePath { directory.appending("hostname") }
    public var resolvConf: FilePath { directory.appending("resolv.conf") }
    /// FIFOs that carry the container's output to its supervisor.
    public var standardOutput: FilePath { directory.appending("stdout") }
    public var standardError: FilePath { directory.appending("stderr") }
    /// The FIFO that is the standard input of a container which keeps it open, or feeds its terminal.
    public var standardInput: FilePath { directory.appending("stdin") }
    /// The content of configs and secrets that are not files of the host.
    public var files: FilePath { directory.appending("files") }
    /// The CRI log; older ones are `log.1`, `log.2` ….
    public var log: FilePath { directory.appending("log") }
}
