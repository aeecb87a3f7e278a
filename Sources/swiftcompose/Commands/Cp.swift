import Archive
import ArgumentParser
import Linux
import Orchestrator
import SystemPackage

struct Cp: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp",
        abstract:
            "Copy files or directories between a service container and the local file system.",
        usage: """
            swiftcompose cp [OPTIONS] SERVICE:SRC_PATH DEST_PATH|-
            swiftcompose cp [OPTIONS] SRC_PATH|- SERVICE:DEST_PATH
            """,
        discussion: """
            The container need not be running. '-' is a tar stream. A copy to a service goes to \
            every replica, a copy from a service comes from the first one. A source that ends in \
            '/.' stands for the content of the directory.
            """
    )

    @Flag(help: "Include containers created by 'run'.")
    var all = false

    @Flag(name: .shortAndLong, help: "Archive mode: copy all uid and gid information.")
    var archive = false

    @Flag(name: [.customShort("L"), .long], help: "Always follow a symbolic link in SRC_PATH.")
    var followLink = false

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Argument(
        help: "Source: SERVICE:PATH, PATH, or '-' for a tar stream from standard input.",
        completion: .copyPlaces
    )
    var source: String

    @Argument(
        help: "Destination: PATH, SERVICE:PATH, or '-' for a tar stream to standard output.",
        completion: .copyPlaces
    )
    var destination: String

    func validate() throws {
        if source.isEmpty { throw ValidationError("SOURCE must not be empty") }
        if destination.isEmpty { throw ValidationError("DESTINATION must not be empty") }
    }

    func run(in session: Session) throws -> Int32 {
        let (from, to) = (CopyPlace(source), CopyPlace(destination))
        let copy = FileCopy(session.paths, followsLink: followLink, keepsOwners: archive)
        switch (from, to) {
        case (.service(let service, let path), .service) where !service.isEmpty:
            throw CommandError.copyBetweenServices(path)
        case (.service(let service, let path), let place):
            let container = try containers(of: service, session)[0]
            try take(CopyPath(path), container, place, copy, session)
        case (let place, .service(let service, let path)):
            try give(place, CopyPath(path), try containers(of: service, session), copy, session)
        case (.host, .host), (.stream, _), (_, .stream):
            throw CommandError.unknownCopyDirection
        }
        return 0
    }

    private func containers(
        of service: String,
        _ session: Session
    ) throws -> [ExistingContainer] {
        try session.containers(of: service, index: index, includingOneOffs: all)
    }

    private func take(
        _ path: CopyPath,
        _ container: ExistingContainer,
        _ place: CopyPlace,
        _ copy: FileCopy,
        _ session: Session
    ) throws {
        let copied = "copy \(container.record.name):\(path.path) to \(destination)"
        try session.reporting("\(container.record.name) \(copied)", "Copying", "Copied") {
            guard case .host(let text) = place else {
                return try copy.copy(path, from: container, toStream: 1)
            }
            try copy.copy(path, from: container, to: local(text))
        }
    }

    private func give(
        _ place: CopyPlace,
        _ path: CopyPath,
        _ containers: [ExistingContainer],
        _ copy: FileCopy,
        _ session: Session
    ) throws {
        // Resolved before entering a mount namespace, which changes the working directory.
        let local: CopyPath? = if case .host(let text) = place { try self.local(text) } else { nil }
        let stream = try local == nil ? InputStream(sharedBy: containers.count) : nil
        for container in containers {
            let copied = "copy \(source) to \(container.record.name):\(path.path)"
            try session.reporting("\(container.record.name) \(copied)", "Copying", "Copied") {
                if let local { return try copy.copy(local, to: path, in: container) }
                guard let archive = try stream?.begin() else { return }
                try copy.copy(archive: archive, to: path, in: container)
            }
        }
    }

    private func local(_ text: String) throws -> CopyPath {
        CopyPath(text, below: FilePath(try CurrentProcess.workingDirectory()))
    }
}

/// The source or destination of a copy.
enum CopyPlace: Equatable {
    case service(String, path: String)
    case host(String)
    case stream

    /// Parses the argument as docker compose does: a leading `/` or `.` marks a path of the host.
    init(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if text == "-" {
            self = .stream
        } else if text.hasPrefix("/") || text.hasPrefix(".") || parts.count < 2 {
            self = .host(text)
        } else {
            self = .service(String(parts[0]), path: String(parts[1]))
        }
    }
}

/// Standard input as an archive; spooled to a file if it is copied several times.
private struct InputStream {
    /// A file that is read several times from the start.
    private final class Spool {
        let file: Descriptor
        init(_ file: consuming Descriptor) { self.file = file }
    }

    private var spool: Spool?

    init(sharedBy readers: Int) throws {
        guard readers > 1 else { return }
        let file = try Descriptor.openUnnamed(in: "/tmp")
        while true {
            let bytes = try Descriptor.read(from: 0, upTo: 1 << 20)
            if bytes.isEmpty { break }
            try file.write(bytes)
        }
        spool = Spool(file)
    }

    func begin() throws -> ByteSource {
        guard let spool else { return ByteSource(borrowing: 0, name: "standard input") }
        try spool.file.rewind()
        return ByteSource(borrowing: spool.file.number, name: "standard input")
    }
}
