import YAML

/// Finds the places in a project's files that assign a value: `config --explain`.
struct OriginSearch {
    let options: LoadOptions
    let files: FileAccess
    let search: ProjectSearch
    let sources: [SourceFile]

    init(_ options: LoadOptions, files: FileAccess) throws(ComposeErrors) {
        self.options = options
        self.files = files
        search = try ProjectSearch(options, files: files)
        var sources: [SourceFile] = []
        for path in search.paths { sources.append(try files.source(path)) }
        self.sources = try Self.withIncluded(sources, search, files, depth: 0)
    }

    /// The origin of a variable's value.
    func variable(_ name: String) throws(ComposeErrors) -> ValueOrigin {
        var places: [ValueOrigin.Place] = []
        if let value = options.environment[name] { places.append(.init("the shell", value)) }
        // The last file takes precedence.
        for path in try search.envFiles().reversed() {
            places += try place(of: name, inEnvFile: path, format: nil)
        }
        var origin = ValueOrigin(name: name, value: search.environment[name], places: places)
        for node in strings {
            guard let text = node.string else { continue }
            let found = TemplateVariable.all(in: text).filter { $0.name == name }
            guard let first = found.first else { continue }
            origin.uses.append(.init("\(node.location)", text))
            if !first.defaultValue.isEmpty {
                origin.places.append(.init("the default at \(node.location)", first.defaultValue))
            }
        }
        return origin
    }

    /// The variables that the files use, sorted.
    var usedVariables: [String] {
        Set(strings.flatMap { TemplateVariable.all(in: $0.string ?? "") }.map(\.name)).sorted()
    }

    /// The origin of the value at `keys` of a service, which has the value `value`, as JSON.
    func attribute(
        _ keys: [String],
        of service: String,
        value: Value?,
        envFiles: [EnvFile]
    ) throws(ComposeErrors) -> ValueOrigin {
        var nodes: [YAMLNode] = []
        for source in sources { nodes += try definitions(of: service, in: source, depth: 0) }
        let found = nodes.compactMap { $0.assigned(keys[...]) }.reversed()
        var places = found.map { ValueOrigin.Place("\($0.location)", $0.text) }
        if keys.first == "environment", keys.count > 1 {
            let name = keys.dropFirst().joined(separator: ".")
            for file in envFiles.reversed() where files.kind(file.path) != nil {
                places += try place(of: name, inEnvFile: file.path, format: file.format)
            }
        }
        var origin = ValueOrigin(
            name: (["services", service] + keys).joined(separator: "."),
            value: value?.compactJSON,
            places: Array(places)
        )
        switch value {
        case .list, .object: origin.isMerged = true
        default: break
        }
        var variables = places.first.map { TemplateVariable.all(in: $0.text).map(\.name) } ?? []
        // A name without a value takes the project's.
        if let first = found.first, first.isNameOnly, let name = keys.last { variables = [name] }
        for name in variables { origin.variables.append(try variable(name).withoutUses) }
        return origin
    }

    /// A service of a file as written, after those that it extends.
    private func definitions(
        of service: String,
        in source: SourceFile,
        depth: Int
    ) throws(ComposeErrors) -> [YAMLNode] {
        // Loading the project has already refused longer chains and circles.
        guard depth < 256 else { return [] }
        var nodes: [YAMLNode] = []
        for document in source.documents {
            let services = document.root.mapping?["services"]?.mapping
            guard let node = services?[service] else { continue }
            if let base = node.mapping?["extends"] {
                let name = base.string ?? base.mapping?["service"]?.string
                var origin = source
                if let file = base.mapping?["file"]?.string.map(substituted) {
                    let directory = HostPath.directory(source.path)
                    origin = try files.source(HostPath.absolute(file, from: directory))
                }
                if let name {
                    nodes += try definitions(of: name, in: origin, depth: depth + 1)
                }
            }
            nodes.append(node)
        }
        return nodes
    }

    private func place(
        of name: String,
        inEnvFile path: String,
        format: String?
    ) throws(ComposeErrors) -> [ValueOrigin.Place] {
        let bytes = try files.bytes(of: path)
        let shown = files.shown(path)
        var variables: [String: String] = [:]
        var warnings: [ComposeWarning] = []
        let environment = search.environment
        if format == "raw" {
            try Dotenv.parseRaw(bytes, file: shown, into: &variables) { environment[$0] }
        } else {
            try Dotenv.parse(bytes, file: shown, into: &variables, warnings: &warnings) {
                environment[$0]
            }
        }
        guard let value = variables[name] else { return [] }
        let line = Self.line(of: name, in: bytes).map { ":\($0)" } ?? ""
        return [.init(shown + line, value)]
    }

    /// The last line that assigns a variable in an env file, from 1.
    private static func line(of name: String, in bytes: [UInt8]) -> Int? {
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let index = lines.lastIndex { line in
            var words = line.drop { $0 == " " || $0 == "\t" }
            if words.hasPrefix("export ") { words = words.dropFirst(7).drop { $0 == " " } }
            guard words.hasPrefix(name) else { return false }
            let next = words.dropFirst(name.count).first { $0 != " " }
            return next == nil || next == "=" || next == ":"
        }
        return index.map { $0 + 1 }
    }

    private func substituted(_ text: String) -> String {
        let environment = search.environment
        var template = Template { environment[$0] }
        // Loading the project has already reported a malformed text.
        return (try? template.substitute(text)) ?? text
    }

    /// All strings of the files.
    private var strings: [YAMLNode] {
        sources.flatMap { $0.documents.flatMap { $0.root.strings } }
    }

    /// The sources, each after those that it includes.
    private static func withIncluded(
        _ sources: [SourceFile],
        _ search: ProjectSearch,
        _ files: FileAccess,
        depth: Int
    ) throws(ComposeErrors) -> [SourceFile] {
        guard depth < 256 else { return sources }
        var all: [SourceFile] = []
        for source in sources {
            var included: [SourceFile] = []
            for path in source.includedPaths {
                let environment = search.environment
                var template = Template { environment[$0] }
                let text = (try? template.substitute(path)) ?? path
                let directory =
                    source.path == "-" ? search.workingDirectory : HostPath.directory(source.path)
                included.append(try files.source(HostPath.absolute(text, from: directory)))
            }
            all += try withIncluded(included, search, files, depth: depth + 1) + [source]
        }
        return all
    }
}

extension SourceFile {
    /// The paths of `include`, as written.
    fileprivate var includedPaths: [String] {
        documents.flatMap { document in
            (document.root.mapping?["include"]?.sequence ?? []).flatMap { entry -> [String] in
                if let path = entry.string { return [path] }
                guard let paths = entry.mapping?["path"] else { return [] }
                return paths.string.map { [$0] } ?? (paths.sequence ?? []).compactMap(\.string)
            }
        }
    }
}

extension ValueOrigin {
    fileprivate var withoutUses: ValueOrigin {
        var origin = self
        origin.uses = []
        return origin
    }
}

/// A value in a file, with its location.
private struct Assignment {
    var text: String
    var location: SourceLocation
    /// An entry of `environment` without a value.
    var isNameOnly = false
}

extension YAMLNode {
    /// The value that this node assigns to the attribute at `keys`, a key may itself contain dots.
    fileprivate func assigned(_ keys: ArraySlice<String>) -> Assignment? {
        guard let first = keys.first else {
            let isName = isNull
            return Assignment(
                text: isName ? "" : string ?? Value(self).compactJSON,
                location: location,
                isNameOnly: isName
            )
        }
        if let mapping {
            for count in stride(from: keys.count, to: 0, by: -1) {
                let key = keys.prefix(count).joined(separator: ".")
                if let value = mapping[key] { return value.assigned(keys.dropFirst(count)) }
            }
            return nil
        }
        guard let elements = sequence else { return nil }
        if let index = Int(first), elements.indices.contains(index) {
            return elements[index].assigned(keys.dropFirst())
        }
        let name = keys.joined(separator: ".")
        for element in elements.reversed() {
            guard let text = element.string, text == name || text.hasPrefix(name + "=") else {
                continue
            }
            return Assignment(
                text: String(text.dropFirst(name.count + 1)),
                location: element.location,
                isNameOnly: text == name
            )
        }
        return nil
    }

    /// The strings in this node.
    fileprivate var strings: [YAMLNode] {
        switch content {
        case .string: [self]
        case .sequence(let elements): elements.flatMap(\.strings)
        case .mapping(let mapping): mapping.flatMap(\.value.strings)
        default: []
        }
    }
}
