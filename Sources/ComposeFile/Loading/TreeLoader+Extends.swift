import YAML

/// A service on a chain of `extends`.
private struct Step: Equatable, CustomStringConvertible {
    var file: String
    var service: String

    var description: String { "\(service) in \(file)" }
}

/// The target of a service's `extends`.
private struct Extension {
    var service: String
    var file: YAMLNode?
    var location: SourceLocation
}

extension TreeLoader {
    /// Returns a file's tree with every service merged with its base.
    ///
    /// Source: Compose Specification, services, `extends`.
    mutating func extended(
        _ root: YAMLNode,
        _ marks: [YAMLMark],
        of source: SourceFile,
        in scope: Scope
    ) throws(ComposeErrors) -> YAMLNode {
        guard let services = root.mapping?["services"] else { return root }
        guard let mapping = services.mapping else {
            throw ComposeErrors(
                .expected("a mapping", found: services.kind, path: "services"),
                at: services.location
            )
        }
        guard mapping.contains(where: { $0.value.mapping?.position(of: "extends") != nil }) else {
            try checkServices(mapping)
            return root
        }
        var base = ExtendsBase(file: files.shown(source.path), services: mapping, marks: marks)
        var result = mapping
        var errors: [ComposeError] = []
        for (index, entry) in mapping.enumerated() {
            do {
                result.setValue(try finished(entry.key, &base, [], in: scope), at: index)
            } catch {
                errors += error.errors.filter { !errors.contains($0) }
            }
        }
        if !errors.isEmpty { throw ComposeErrors(errors) }
        var root = root
        root.changeMapping { $0["services"] = YAMLNode(.mapping(result), at: services.location) }
        return root
    }

    private func checkServices(_ services: Mapping) throws(ComposeErrors) {
        for entry in services where !entry.value.isNull && entry.value.mapping == nil {
            throw wrongService(entry)
        }
    }

    private func wrongService(_ entry: Mapping.Entry) -> ComposeErrors {
        ComposeErrors(
            .expected("a mapping", found: entry.value.kind, path: "services.\(entry.key)"),
            at: entry.value.location
        )
    }

    /// Returns a service merged with its base.
    private mutating func finished(
        _ name: String,
        _ file: inout ExtendsBase,
        _ steps: [Step],
        in scope: Scope
    ) throws(ComposeErrors) -> YAMLNode {
        if let known = file.finished[name] { return known }
        guard let entry = file.services.entry(name) else {
            preconditionFailure("the caller has checked that the service exists")
        }
        let service = entry.value
        if service.isNull { return service }
        guard let mapping = service.mapping else { throw wrongService(entry) }
        guard let extends = mapping["extends"] else { return service }
        let target = try target(of: extends, service: name)
        let step = Step(file: file.file, service: name)
        guard !steps.contains(step) else {
            let cycle = (steps + [step]).map(\.description)
            throw ComposeErrors(.loading(.extendsCycle(cycle)), at: extends.location)
        }
        try checkLength(steps.count, of: "extends", at: extends.location)
        let base = try base(target, by: name, &file, steps + [step], in: scope)
        let result = try extend(base, by: service, name: name, marks: file.marks)
        file.finished[name] = result
        return result
    }

    private func extend(
        _ base: YAMLNode,
        by service: YAMLNode,
        name: String,
        marks: [YAMLMark]
    ) throws(ComposeErrors) -> YAMLNode {
        var own = service
        own.changeMapping { $0.removeValue(forKey: "extends") }
        if base.isNull { return own }
        let base = base.removing(marks, ofService: name)
        var result = try Merge.service(base, own, name: name)
        result.location = service.location
        return result
    }

    private func target(
        of extends: YAMLNode,
        service: String
    ) throws(ComposeErrors)
        -> Extension
    {
        if let name = extends.string {
            return Extension(service: name, file: nil, location: extends.location)
        }
        guard let mapping = extends.mapping, let name = mapping["service"]?.string else {
            throw ComposeErrors(
                .loading(.extendsWithoutService(service: service)),
                at: extends.location
            )
        }
        let file = mapping["file"].flatMap { $0.isNull ? nil : $0 }
        let location = mapping["service"]?.location ?? extends.location
        return Extension(service: name, file: file, location: location)
    }

    private mutating func base(
        _ target: Extension,
        by service: String,
        _ file: inout ExtendsBase,
        _ steps: [Step],
        in scope: Scope
    ) throws(ComposeErrors) -> YAMLNode {
        guard let path = target.file else {
            try check(target, by: service, file)
            return try finished(target.service, &file, steps, in: scope)
        }
        guard let text = path.string else {
            let path = "services.\(service).extends.file"
            throw ComposeErrors(
                .expected("a path", found: target.file?.kind ?? "", path: path),
                at: target.location
            )
        }
        try rejectRemote(text, at: path.location)
        let absolute = HostPath.absolute(text, from: scope.directory)
        var other = try takeBase(of: absolute, in: scope)
        defer { bases[absolute] = other }
        try check(target, by: service, other)
        return try finished(target.service, &other, steps, in: scope)
    }

    private func check(
        _ target: Extension,
        by service: String,
        _ file: ExtendsBase
    )
        throws(ComposeErrors)
    {
        guard file.services.position(of: target.service) == nil else { return }
        let problem = LoadingProblem.extendsUndefined(
            target.service,
            by: service,
            file: file.file,
            known: file.services.keys
        )
        throw ComposeErrors(.loading(problem), at: target.location)
    }

    /// Removes and returns the services of another file from the cache: with a second reference
    /// they would be copied at every change.
    private mutating func takeBase(
        of path: String,
        in scope: Scope
    ) throws(ComposeErrors)
        -> ExtendsBase
    {
        if let known = bases.removeValue(forKey: path) { return known }
        return try base(of: path, in: scope)
    }

    /// The services of another file: interpolated with the project's variables, with paths made
    /// relative to the project's directory.
    private mutating func base(
        of path: String,
        in scope: Scope
    ) throws(ComposeErrors)
        -> ExtendsBase
    {
        let source = try files.source(path)
        var root = YAMLNode(
            .mapping(Mapping()),
            at: SourceLocation(file: files.shown(path), line: 0, column: 0)
        )
        for document in source.documents {
            let later = try interpolated(document.root, in: scope)
            root = try Merge.files(root.removing(document.marks), later)
            root = try longForms(try Uniqueness.enforce(root))
        }
        let directory = HostPath.relative(HostPath.directory(path), from: scope.directory)
        root = try PathResolution(base: directory, files: files).resolve(root)
        return ExtendsBase(
            file: files.shown(path),
            services: root.mapping?["services"]?.mapping ?? Mapping(),
            marks: source.documents.flatMap(\.marks)
        )
    }
}
