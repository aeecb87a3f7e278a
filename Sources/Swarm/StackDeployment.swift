import ComposeFile
public import Conversion
import Crypto

/// Brings the objects of a stack to their desired state.
public struct StackDeployment: Sendable {
    /// When the digest of an image is asked for.
    public enum Resolution: Sendable {
        case always
        /// If the image's name has changed.
        case changed
        case never
    }

    public struct Options: Sendable {
        public var resolution = Resolution.always
        /// Remove services that the stack no longer has.
        public var prunes = false
        /// Return without waiting for the tasks.
        public var detaches = false
        /// The value of `X-Registry-Auth` for an image; nil without a login.
        public var authorization: @Sendable (String) async throws -> String? = { _ in nil }

        public init() {}
    }

    /// The label with a hash of the specification, by which an unchanged service is recognised.
    private static let hashLabel = "org.swiftcompose.config-hash"

    let client: EngineClient
    let stack: SwarmStack
    let options: Options
    let progress: StackProgress

    public init(
        _ client: EngineClient,
        _ stack: SwarmStack,
        _ options: Options,
        progress: @escaping StackProgress
    ) {
        self.client = client
        self.stack = stack
        self.options = options
        self.progress = progress
    }

    /// Creates missing objects and updates changed services, dependencies first; returns when their
    /// tasks run.
    ///
    /// With nothing to do, it makes one request for each kind of object, and one for each image whose
    /// digest it asks for. An error names the objects that were changed before it.
    public func run() async throws {
        var state = State()
        do {
            try await deploy(&state)
        } catch let error as EngineError {
            throw EngineError.incomplete(error, done: state.done)
        }
    }

    /// The engine's objects, and those that this deployment has changed.
    private struct State {
        var networks: [String: String] = [:]
        var secrets: [String: String] = [:]
        var configs: [String: String] = [:]
        var services: [String: Value] = [:]
        /// The changed services, by key, whose tasks are not awaited yet.
        var pending: [String: Convergence] = [:]
        var done: [String] = []
    }

    private func deploy(_ state: inout State) async throws {
        async let networks = client.get("/networks")
        async let secrets = client.get("/secrets")
        async let configs = client.get("/configs")
        async let services = client.get("/services?\(EngineClient.filter(stack: stack.name))")
        state.networks = try await networks.ids(named: "Name", key: "Id")
        state.secrets = try await secrets.ids(named: "Spec", key: "ID")
        state.configs = try await configs.ids(named: "Spec", key: "ID")
        for service in try await services.elements {
            if let name = service["Spec"]?["Name"]?.text { state.services[name] = service }
        }
        let known = [state.networks, state.secrets, state.configs].flatMap(\.keys)
        if let name = stack.external.first(where: { !known.contains($0) }) {
            throw EngineError.missingExternal(kind: "object", name: name)
        }
        try await create(stack.networks, "Network", "/networks/create", "Id", \.networks, &state)
        try await create(stack.secrets, "Secret", "/secrets/create", "ID", \.secrets, &state)
        try await create(stack.configs, "Config", "/configs/create", "ID", \.configs, &state)
        for service in stack.services {
            for dependency in service.dependencies { try await settle(dependency, &state) }
            try await deploy(service, &state)
        }
        if options.prunes { try await prune(&state) }
        for key in state.pending.keys.sorted() { try await settle(key, &state) }
    }

    private func create(
        _ objects: [SwarmStack.Object],
        _ kind: String,
        _ path: String,
        _ key: String,
        _ known: WritableKeyPath<State, [String: String]>,
        _ state: inout State
    ) async throws(EngineError) {
        for object in objects where state[keyPath: known][object.name] == nil {
            progress("\(kind) \(object.name)", "Creating", .working, nil)
            let answer = try await client.post(path, object.specification)
            state[keyPath: known][object.name] = answer[key]?.text
            state.done.append("\(kind.lowercased()) \(object.name)")
            progress("\(kind) \(object.name)", "Created", .done, nil)
        }
    }

    /// Waits for the tasks of a service that this deployment has changed.
    private func settle(_ key: String, _ state: inout State) async throws {
        guard let convergence = state.pending.removeValue(forKey: key) else { return }
        if !options.detaches { try await convergence.wait() }
    }

    private func deploy(_ service: SwarmStack.Service, _ state: inout State) async throws {
        let existing = state.services[service.name]
        let authorization = try await options.authorization(service.image)
        let image = try await image(of: service, existing, authorization)
        var specification = try service.specification.resolving(image: image) { kind, name in
            let ids = kind == "Secret" ? state.secrets : state.configs
            guard let id = ids[name] else {
                throw EngineError.missingExternal(kind: kind.lowercased(), name: name)
            }
            return id
        }
        let hash = SHA256.hash(data: Array(specification.json.utf8)).prefix(8)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        if existing?.label(Self.hashLabel) == hash {
            progress("Service \(service.name)", "Unchanged", .done, nil)
            return
        }
        var labels = specification["Labels"] ?? .object([])
        labels.set(Self.hashLabel, .string(hash))
        specification.set("Labels", labels)
        let id: String
        if let existing, let known = existing["ID"]?.text {
            let version = existing["Version"]?["Index"]?.integer ?? 0
            progress("Service \(service.name)", "Updating", .working, nil)
            let path = "/services/\(known)/update?version=\(version)&registryAuthFrom=spec"
            _ = try await client.post(path, specification, authorization: authorization)
            id = known
        } else {
            progress("Service \(service.name)", "Creating", .working, nil)
            let answer = try await client.post(
                "/services/create",
                specification,
                authorization: authorization
            )
            guard let new = answer["ID"]?.text else {
                throw EngineError.invalidAnswer("POST /services/create")
            }
            id = new
        }
        let word = existing == nil ? "Created" : "Updated"
        progress("Service \(service.name)", word, .done, nil)
        state.done.append("service \(service.name)")
        state.pending[service.key] = Convergence(
            client: client,
            service: service,
            id: id,
            formerUpdate: existing?["UpdateStatus"]?["StartedAt"]?.text,
            progress: progress
        )
    }

    /// The reference to run: with a digest, if the registry knows the image.
    private func image(
        of service: SwarmStack.Service,
        _ existing: Value?,
        _ authorization: String?
    ) async throws(EngineError) -> String {
        if service.image.contains("@") || options.resolution == .never { return service.image }
        if options.resolution == .changed, existing?.label(SwarmStack.imageLabel) == service.image,
            let running = existing?["Spec"]?["TaskTemplate"]?["ContainerSpec"]?["Image"]?.text
        {
            return running
        }
        let answer: Value
        do throws(EngineError) {
            let path = "/distribution/\(service.image)/json"
            answer = try await client.get(path, authorization: authorization)
        } catch {
            guard case .refused(_, _, let message) = error else { throw error }
            // An image that only nodes have is run by its name, as docker does.
            progress(
                "Service \(service.name)",
                "Not resolved",
                .warning,
                "\(service.image): \(message); each node uses the image that it has"
            )
            return service.image
        }
        guard let digest = answer["Descriptor"]?["digest"]?.text else { return service.image }
        return "\(service.image)@\(digest)"
    }

    private func prune(_ state: inout State) async throws(EngineError) {
        let wanted = Set(stack.services.map(\.name))
        for (name, service) in state.services.sorted(by: { $0.key < $1.key })
        where !wanted.contains(name) {
            guard let id = service["ID"]?.text else { continue }
            try await client.delete("/services/\(id)")
            state.done.append("removal of service \(name)")
            progress("Service \(name)", "Removed", .done, nil)
        }
    }
}

/// Shows the progress of one object: its kind and name, a word, and the stage.
public typealias StackProgress =
    @Sendable (_ object: String, _ word: String, _ stage: StackStage, _ detail: String?) -> Void

/// The stage of an object's progress.
public enum StackStage: Sendable {
    case working
    case done
    case warning
}

extension Value {
    /// The ids of listed objects, by name.
    fileprivate func ids(named section: String, key: String) -> [String: String] {
        Dictionary(
            elements.compactMap { object in
                let name = object[section]?.text ?? object[section]?["Name"]?.text
                return name.flatMap { name in object[key]?.text.map { (name, $0) } }
            }
        ) { $1 }
    }

    /// A service's specification with its image and the ids of its secrets and configs.
    fileprivate func resolving(
        image: String,
        _ id: (_ kind: String, _ name: String) throws -> String
    ) rethrows -> Value {
        var specification = self
        var task = self["TaskTemplate"] ?? .object([])
        var container = task["ContainerSpec"] ?? .object([])
        container.set("Image", .string(image))
        for kind in ["Secret", "Config"] {
            guard let references = container["\(kind)s"] else { continue }
            let resolved = try references.elements.map { reference in
                var reference = reference
                let name = reference["\(kind)Name"]?.text ?? ""
                reference.set("\(kind)ID", .string(try id(kind, name)))
                return reference
            }
            container.set("\(kind)s", .list(resolved))
        }
        task.set("ContainerSpec", container)
        specification.set("TaskTemplate", task)
        return specification
    }
}
