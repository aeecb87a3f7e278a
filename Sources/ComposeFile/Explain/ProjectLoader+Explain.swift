import YAML

extension ProjectLoader {
    /// The origin of a variable's or an attribute's value: `VARIABLE`, or `SERVICE.KEY` with the
    /// path of an attribute, such as `web.environment.MODE` or `web.ports[0]`.
    ///
    /// `project` is the loaded project, before and after its env files have been read.
    public func origin(
        of subject: String,
        in project: Project,
        withEnvFiles full: Project
    ) throws(ComposeErrors) -> ValueOrigin {
        let search = try OriginSearch(options, files: files)
        let words = Self.keys(of: subject)
        let known = Set(full.services.keys)
        // A service's name may contain dots.
        for count in 1..<max(2, words.count) {
            let name = words.prefix(count).joined(separator: ".")
            guard words.count > count, known.contains(name), let service = full.services[name]
            else { continue }
            let keys = Array(words.dropFirst(count))
            let origin = try search.attribute(
                keys,
                of: name,
                value: full.canonicalValue(at: keys, of: service),
                envFiles: project.services[name]?.envFiles ?? []
            )
            guard origin.value != nil || !origin.places.isEmpty else {
                throw error(.noSuchAttribute(subject))
            }
            return origin
        }
        guard words.count == 1 else { throw error(.noSuchAttribute(subject)) }
        return try search.variable(subject)
    }

    /// The origins of all variables that the files use.
    public func originsOfVariables() throws(ComposeErrors) -> [ValueOrigin] {
        let search = try OriginSearch(options, files: files)
        var origins: [ValueOrigin] = []
        for name in search.usedVariables { origins.append(try search.variable(name)) }
        return origins
    }

    private static func keys(of subject: String) -> [String] {
        let text = subject.replacing("[", with: ".").replacing("]", with: "")
        let words = text.split(separator: ".").map(String.init)
        return words.first == "services" ? Array(words.dropFirst()) : words
    }

    private func error(_ problem: LoadingProblem) -> ComposeErrors {
        let place = SourceLocation(file: files.currentDirectory, line: 0, column: 0)
        return ComposeErrors(.loading(problem), at: place)
    }
}

extension Project {
    /// The value of a service's attribute as `config` prints it; nil if it has none.
    fileprivate func canonicalValue(at keys: [String], of service: Service) -> Value? {
        service.canonical(.json).value(at: keys[...])
    }
}

extension Value {
    /// The value at a path of keys and indices; a key may itself contain dots.
    fileprivate func value(at keys: ArraySlice<String>) -> Value? {
        guard let first = keys.first else { return self == .null ? nil : self }
        switch self {
        case .object(let members):
            for count in stride(from: keys.count, to: 0, by: -1) {
                let key = keys.prefix(count).joined(separator: ".")
                if let member = members.first(where: { $0.key == key }) {
                    return member.value.value(at: keys.dropFirst(count))
                }
            }
            return nil
        case .list(let elements):
            guard let index = Int(first), elements.indices.contains(index) else { return nil }
            return elements[index].value(at: keys.dropFirst())
        default: return nil
        }
    }
}
