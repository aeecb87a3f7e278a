public import ComposeFile
import YAML

/// Converts a project to Kubernetes manifests with a kustomization.
///
/// Source: the Kubernetes API reference, `apps/v1`, `v1`, `networking.k8s.io/v1`, `batch/v1`,
/// `autoscaling/v2` and `rbac.authorization.k8s.io/v1`; the fields of Kubernetes 1.27 and later.
public struct KubernetesConverter {
    let project: Project
    /// Reads the content of configs, secrets and mounted files.
    let contents: ContentReader
    /// The objects' names, by service.
    let names: [String: String]
    var notes = Notes()
    /// The ConfigMaps made from bind mounts, by name.
    var mountedFiles: [String: Node] = [:]

    private init(_ project: Project, _ access: FileAccess) {
        self.project = project
        contents = ContentReader(project: project, access: access)
        names = Self.names(of: project)
    }

    /// Converts the active services of a project.
    public static func convert(
        _ project: Project,
        files: FileAccess
    ) throws(ConversionError) -> Conversion {
        var converter = KubernetesConverter(project, files)
        var output = try converter.files()
        output.sort { $0.path < $1.path }
        let report = AttributeWalk.report(
            on: project,
            rules: .kubernetes,
            notes: converter.notes
        )
        return Conversion(files: output, report: report)
    }

    private mutating func files() throws(ConversionError) -> [Conversion.File] {
        var resources: [(name: String, documents: [Node], isSecret: Bool)] = []
        for service in project.orderedServices {
            reportName(of: service)
            let (documents, secrets) = try documents(of: service)
            resources.append(("service-\(names[service.name] ?? service.name)", documents, false))
            if !secrets.isEmpty {
                let name = "secret-\(names[service.name] ?? service.name)-env"
                resources.append((name, secrets, true))
            }
        }
        resources.append(("networks", networkPolicies(), false))
        resources.append(("volumes", try claims(), false))
        resources.append(("configs", try configMaps() + mountedFiles.sorted().map(\.value), false))
        resources.append(("secrets", try secrets(), true))
        if project.services.values.contains(where: waitsForJobs) {
            resources.append(("waiting", waitingRole(), false))
        }
        resources.removeAll { $0.documents.isEmpty }
        let files = resources.map { resource in
            Conversion.File(
                path: "base/\(resource.name).yaml",
                text: DocumentWriter.text(of: resource.documents),
                isSecret: resource.isSecret
            )
        }
        return files + kustomizations(of: resources.map { "\($0.name).yaml" }.sorted())
    }

    /// Assigns each service the nearest valid name, with a hash if another service has it already.
    private static func names(of project: Project) -> [String: String] {
        let valid = Set(project.serviceNames.filter(ResourceName.isValid))
        var taken = valid
        var names: [String: String] = [:]
        for name in project.serviceNames {
            let label = ResourceName.label(name)
            let free = valid.contains(name) || taken.insert(label).inserted
            names[name] = free ? label : ResourceName.hashed(name)
        }
        return names
    }

    private mutating func reportName(of service: Service) {
        guard let name = names[service.name], name != service.name else { return }
        notes.approximate(
            ["services", service.name],
            "named '\(name)'; use this name in the other services' settings"
        )
    }
}

extension KubernetesConverter {
    /// The labels of an object that belongs to the project as a whole.
    var projectLabels: Node {
        [
            "app.kubernetes.io/part-of": .text(ResourceName.label(project.name)),
            "app.kubernetes.io/managed-by": "swiftcompose",
        ]
    }

    /// The labels that select a service's pods.
    func selector(_ service: Service) -> Node {
        ["app.kubernetes.io/name": .text(names[service.name] ?? service.name)]
    }

    /// The labels of a service's objects.
    func labels(_ service: Service) -> Node {
        [
            "app.kubernetes.io/name": .text(names[service.name] ?? service.name),
            "app.kubernetes.io/part-of": .text(ResourceName.label(project.name)),
            "app.kubernetes.io/managed-by": "swiftcompose",
        ]
    }

    /// Returns an object without its specification.
    func object(
        _ version: String,
        _ kind: String,
        _ name: String,
        labels: Node? = nil,
        annotations: Node? = nil
    ) -> Object {
        var metadata = Object()
        metadata.set("name", name)
        metadata.set("labels", labels ?? projectLabels)
        metadata.set("annotations", annotations?.ifNotEmpty)
        var object = Object()
        object.set("apiVersion", version)
        object.set("kind", kind)
        object.set("metadata", .object(metadata))
        return object
    }

    /// Returns labels as annotations, since their values need not be valid as labels' values;
    /// reports keys that annotations cannot have.
    mutating func annotations(_ texts: [String: String], from path: [String]) -> Node {
        for key in texts.keys.sorted() where !ResourceName.isQualified(key) {
            notes.approximate(path, "without '\(key)', which is not a valid key; rename it")
        }
        return .texts(texts.filter { ResourceName.isQualified($0.key) })
    }
}

extension [String: Node] {
    fileprivate func sorted() -> [(key: String, value: Node)] { sorted { $0.key < $1.key } }
}
