import ComposeFile
import YAML

/// Lists one part of a project, line by line.
struct ConfigListing {
    let session: Session
    let steps: ConfigSteps
    /// The services whose parts are listed, where docker compose considers them.
    let services: [String]

    func lines(of part: ConfigParts.Part, format: ConfigParts.Format?) throws -> [String] {
        switch part {
        case .services:
            if steps.noInterpolate {
                return try session.loadTree(steps.adjust).root.mapping?["services"]?.mapping?.keys
                    ?? []
            }
            let project = try load([])
            return try session.reportingErrors { () throws(ComposeErrors) in
                try ServiceGraph(project).order
            }
        case .volumes: return try load([]).volumes.keys.sorted()
        case .networks: return try load([]).networks.keys.sorted()
        case .models: return try load([]).models.values.map(\.model).sorted()
        case .hash(let names): return try hashes(names)
        case .profiles:
            let project = try load(services)
            let all = Array(project.services.values) + project.inactiveServices.values
            return Set(all.flatMap(\.profiles)).sorted()
        case .images:
            let project = try load(services)
            return project.orderedServices.map { $0.image ?? "\(project.name)-\($0.name)" }
        case .variables: return try variables(format)
        case .environment:
            let tree = try session.loadTree(steps.adjust)
            return tree.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        }
    }

    private func load(_ services: [String]) throws -> Project {
        try session.loadProject(services: services) { options in
            steps.adjust(&options)
            options.readsEnvFiles = false
        }
    }

    private func hashes(_ names: String) throws -> [String] {
        var project = try load([])
        try session.reportingErrors { () throws(ComposeErrors) in try project.applyDefaultPlatform()
        }
        let wanted =
            names == "*" ? project.serviceNames : names.split(separator: ",").map(String.init)
        return try wanted.sorted().map { name in
            guard let service = project.services[name] else {
                throw session.report(project.noSuchService(name))
            }
            return "\(name) \(project.configHash(of: service))"
        }
    }

    private func variables(_ format: ConfigParts.Format?) throws -> [String] {
        let tree = try session.loadTree { options in
            steps.adjust(&options)
            options.interpolates = false
        }
        let variables = tree.variables
        if format == .json || format == .yaml {
            let members = variables.map { Value.Member($0.name, $0.value) }
            let value = Value.object(members)
            return [format == .json ? value.json : value.yaml]
        }
        let rows = variables.map { variable in
            [
                variable.name, variable.isRequired ? "true" : "false", variable.defaultValue,
                variable.alternateValue,
            ]
        }
        let titles = ["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"]
        return Table(headings: titles, rows: rows, minimumWidth: 20).lines()
    }
}
