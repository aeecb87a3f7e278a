import YAML

extension Project {
    /// Puts the variables of env files into the active services, whose own ones win.
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

    /// Puts the labels of label files onto the active services, whose own ones win.
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
        for (index, file) in envFiles.enumerated() {
            guard files.kind(file.path) != nil else {
                if !file.required { continue }
                let location = location(of: "env_file", String(index))
                throw missing(file.path, location, files)
            }
            let bytes = try files.bytes(of: file.path)
            let name = files.shown(file.path)
            let lookup = { @Sendable name in project[name] ?? own[name] }
            if file.format == "raw" {
                try Dotenv.parseRaw(bytes, file: name, into: &variables, lookup: lookup)
            } else {
                try Dotenv.parse(
                    bytes,
                    file: name,
                    into: &variables,
                    warnings: &warnings,
                    lookup: lookup
                )
            }
        }
        for (name, value) in variables where environment[name].flatMap({ $0 }) == nil {
            environment.updateValue(value, forKey: name)
        }
        envFiles = []
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
