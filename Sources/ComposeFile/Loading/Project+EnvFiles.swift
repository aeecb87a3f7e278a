import YAML

extension Project {
    /// Adds the variables of env files to the active services; existing ones take precedence.
    public mutating func readEnvFiles(
        _ files: FileAccess,
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        for name in serviceNames {
            guard var service = services[name] else { continue }
            try service.readEnvFiles(files, environment, warnings: &warnings)
            services[name] = service
        }
    }

    /// Throws if a required env file of an active service is missing.
    public func checkEnvFiles(_ files: FileAccess) throws(ComposeErrors) {
        for service in orderedServices { _ = try service.presentEnvFiles(files) }
    }

    /// Adds the labels of label files to the active services; existing ones take precedence.
    mutating func readLabelFiles(
        _ files: FileAccess,
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        for name in serviceNames {
            guard var service = services[name], !service.labelFiles.isEmpty else { continue }
            try service.readLabelFiles(files, warnings: &warnings)
            services[name] = service
        }
    }
}

extension Service {
    fileprivate mutating func readEnvFiles(
        _ files: FileAccess,
        _ project: [String: String],
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        for (name, value) in environment where value == nil {
            if let known = project[name] { environment[name] = known }
        }
        guard !envFiles.isEmpty else { return }
        let own = setEnvironment
        var variables = own
        for (index, file) in try presentEnvFiles(files) {
            let bytes = try files.bytes(of: file.path)
            let name = files.shown(file.path)
            let lookup = { @Sendable name in project[name] ?? own[name] }
            switch file.format {
            case "raw": try Dotenv.parseRaw(bytes, file: name, into: &variables, lookup: lookup)
            case nil, ".env":
                try Dotenv.parse(
                    bytes,
                    file: name,
                    into: &variables,
                    warnings: &warnings,
                    lookup: lookup
                )
            case let format?:
                let location = location(of: "env_file", String(index), "format")
                throw ComposeErrors(
                    .loading(.dotenv(.unknownFormat(format))),
                    at: location ?? SourceLocation(file: name, line: 0, column: 0)
                )
            }
        }
        environment.merge(variables.mapValues(Optional.some)) { own, _ in own }
        envFiles = []
    }

    /// The existing env files; throws if a required one is missing.
    fileprivate func presentEnvFiles(
        _ files: FileAccess
    ) throws(ComposeErrors) -> [(index: Int, file: EnvFile)] {
        var present: [(index: Int, file: EnvFile)] = []
        for (index, file) in envFiles.enumerated() {
            if files.kind(file.path) != nil {
                present.append((index, file))
            } else if file.required {
                throw missing(file.path, location(of: "env_file", String(index)), files)
            }
        }
        return present
    }

    fileprivate mutating func readLabelFiles(
        _ files: FileAccess,
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        var read: [String: String] = [:]
        for (index, path) in labelFiles.enumerated() {
            guard files.kind(path) != nil else {
                throw missing(path, location(of: "label_file", String(index)), files)
            }
            let known = read
            try Dotenv.parse(
                files.bytes(of: path),
                file: files.shown(path),
                into: &read,
                warnings: &warnings
            ) { known[$0] }
        }
        labels.merge(read) { own, _ in own }
        labelFiles = []
    }

    private func missing(
        _ path: String,
        _ location: SourceLocation?,
        _ files: FileAccess
    ) -> ComposeErrors {
        let itself = SourceLocation(file: files.shown(path), line: 0, column: 0)
        return ComposeErrors(.loading(.missingEnvFile(path)), at: location ?? itself)
    }
}
