import ArgumentParser
import ImageBuilder
import Linux
import Notation
import OCI
import Orchestrator
import SystemPackage

extension ImageBuildOptions {
    /// Returns the build request that the options describe.
    func request(in session: Session) throws -> BuildRequest {
        if BuildRequest.isRemote(path) {
            throw ValidationError(
                "remote contexts are not supported; clone or download '\(path)' and name its directory"
            )
        }
        let here = FilePath(try CurrentProcess.workingDirectory())
        var request = BuildRequest(context: here.pushing(FilePath(path)).lexicallyNormalized())
        if let file { request.recipe = .file(here.pushing(FilePath(file)).lexicallyNormalized()) }
        request.target = target
        request.tags = try tags.map { try ImageReference($0) }
        request.platform = try platform.map { try Platform($0) }
        request.ignoresCache = ignoresCache
        request.uncachedStages = Set(uncachedStages)
        request.pullsAlways = pullsAlways
        for text in arguments {
            let (name, value) = text.nameAndValue
            if let value = value ?? session.environment[name] { request.arguments[name] = value }
        }
        for text in labels {
            let (name, value) = text.nameAndValue
            request.labels[name] = value ?? ""
        }
        try addSources(to: &request, here, session)
        try addSettings(to: &request)
        return request
    }

    private func addSources(
        to request: inout BuildRequest,
        _ here: FilePath,
        _ session: Session
    ) throws {
        for text in contexts {
            let (name, value) = text.nameAndValue
            guard let value else {
                throw ValidationError(
                    "--build-context: '\(text)' is not NAME=DIRECTORY or NAME=docker-image://IMAGE"
                )
            }
            let prefix = "docker-image://"
            request.namedContexts[name] =
                value.hasPrefix(prefix)
                ? .image(try ImageReference(String(value.dropFirst(prefix.count))))
                : .directory(here.pushing(FilePath(value)))
        }
        for text in secrets {
            let fields = Dictionary(
                text.split(separator: ",").map(\.nameAndValue).map { ($0.name, $0.value ?? "") }
            ) { $1 }
            guard let id = fields["id"] else {
                throw ValidationError(
                    "--secret: '\(text)' has no id; use id=ID,src=FILE or id=ID,env=NAME"
                )
            }
            if let name = fields["env"] {
                let value = session.environment[name] ?? ""
                request.secrets[id] = .value(Array(value.utf8))
            } else {
                let path = fields["src"] ?? fields["source"] ?? id
                request.secrets[id] = .file(here.pushing(FilePath(path)))
            }
        }
        for text in agents {
            let (name, value) = text.nameAndValue
            guard let socket = value ?? session.environment["SSH_AUTH_SOCK"], !socket.isEmpty else {
                throw ValidationError("--ssh \(name): SSH_AUTH_SOCK is not set; use ID=SOCKET")
            }
            request.agents[name] = here.pushing(FilePath(socket))
        }
    }

    private func addSettings(to request: inout BuildRequest) throws {
        request.entitlements = Set(
            try grants.map { text in
                guard let entitlement = BuildRequest.Entitlement(rawValue: text) else {
                    throw ValidationError(
                        "--allow \(text): use security.insecure or network.host"
                    )
                }
                return entitlement
            }
        )
        if let network {
            guard let known = BuildRequest.Network(rawValue: network) else {
                throw ValidationError("--network: '\(network)' is not default, none or host")
            }
            request.network = known
        }
        for text in hosts {
            guard let sign = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                throw ValidationError("--add-host: '\(text)' is not NAME:ADDRESS")
            }
            let address = String(text[text.index(after: sign)...])
            request.extraHosts.append(
                BuildRequest.Host(name: String(text[..<sign]), address: address)
            )
        }
        if let sharedMemory {
            guard let size = ByteCount(parsing: sharedMemory) else {
                throw ValidationError("--shm-size \(sharedMemory): write bytes, 64m or 1g")
            }
            request.sharedMemory = UInt64(clamping: size.bytes)
        }
        for text in limits {
            let (name, value) = text.nameAndValue
            let parts = (value ?? "").split(separator: ":").compactMap { UInt64($0) }
            guard let soft = parts.first else {
                throw ValidationError("--ulimit: '\(text)' is not NAME=SOFT[:HARD]")
            }
            request.limits.append(
                BuildRequest.Limit(name: name, soft: soft, hard: parts.last ?? soft)
            )
        }
    }
}
