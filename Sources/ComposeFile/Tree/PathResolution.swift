import YAML

/// Resolves the host paths of a tree against the project's directory.
///
/// Source: docker compose's list of the attributes that hold paths of the host.
struct PathResolution {
    /// The base directory; absolute, or relative to the including or extending project.
    let base: String
    let files: FileAccess

    private enum Kind {
        case path
        case context
        case hostOrWindows
        case symbolicLink
        case volume
        case driverOptions
    }

    private static let table = PathTable<Kind>([
        "services.*.build.context": .context,
        "services.*.build.additional_contexts.*": .context,
        "services.*.build.ssh.*": .hostOrWindows,
        "services.*.env_file.*.path": .path,
        "services.*.label_file.*": .path,
        "services.*.extends.file": .path,
        "services.*.develop.watch.*.path": .symbolicLink,
        "services.*.volumes.*": .volume,
        "configs.*.file": .hostOrWindows,
        "secrets.*.file": .hostOrWindows,
        "volumes.*": .driverOptions,
    ])

    /// Returns the tree with resolved paths; throws all missing sources together.
    func resolve(_ root: YAMLNode) throws(ComposeErrors) -> YAMLNode {
        let errors = missingSources(in: root)
        if !errors.isEmpty { throw ComposeErrors(errors) }
        return changed(root, PathResolution.table) ?? root
    }

    private func missingSources(in root: YAMLNode) -> [ComposeError] {
        var errors: [ComposeError] = []
        for service in root.mapping?["services"]?.mapping ?? Mapping() {
            let volumes = service.value.mapping?["volumes"]?.sequence ?? []
            for (index, volume) in volumes.enumerated()
            where volume.mapping?["type"]?.string == "bind" && volume.mapping?["source"] == nil {
                let path = ["services", service.key, "volumes", "[\(index)]"].dotted
                errors.append(
                    ComposeError(.loading(.missingSource(path: path)), at: volume.location)
                )
            }
        }
        return errors
    }

    /// Returns the resolved node; nil if it is unchanged.
    private func changed(_ node: YAMLNode, _ table: PathTable<Kind>) -> YAMLNode? {
        if let kind = table.rule { return changed(node, kind) }
        switch node.content {
        case .mapping(let mapping):
            var copy: Mapping?
            for (index, entry) in mapping.enumerated() {
                guard let next = table.under(entry.key), let new = changed(entry.value, next)
                else { continue }
                if copy == nil { copy = mapping }
                copy?.setValue(new, at: index)
            }
            return copy.map { YAMLNode(.mapping($0), at: node.location) }
        case .sequence(let elements):
            guard let next = table.underElements else { return nil }
            let all = elements.map { changed($0, next) ?? $0 }
            return YAMLNode(.sequence(all), at: node.location)
        default:
            return nil
        }
    }

    private func changed(_ node: YAMLNode, _ kind: Kind) -> YAMLNode? {
        switch kind {
        case .volume:
            return node.mapping?["type"]?.string == "bind" ? node.changing("source", hostPath) : nil
        case .driverOptions:
            return driverOptions(node)
        case .path:
            return node.changingText(path)
        case .context:
            return node.changingText(context)
        case .hostOrWindows:
            return node.changingText(hostPath)
        case .symbolicLink:
            return node.changingText { text in
                let path = path(text)
                return HostPath.isAbsolute(path) ? files.followingLink(in: path) : path
            }
        }
    }

    /// Resolves the device of a bind mount of the local driver; other devices are not paths.
    private func driverOptions(_ volume: YAMLNode) -> YAMLNode? {
        guard volume.mapping?["driver"]?.string == "local",
            var options = volume.mapping?["driver_opts"], options.mapping?["o"]?.string == "bind",
            let changed = options.changing("device", hostPath)
        else { return nil }
        options = changed
        var result = volume
        result.changeMapping { $0["driver_opts"] = options }
        return result
    }

    private func path(_ text: String) -> String {
        let path = files.expandingHome(text)
        return path.isEmpty || HostPath.isAbsolute(path) ? path : HostPath.join(base, path)
    }

    private func hostPath(_ text: String) -> String {
        let path = files.expandingHome(text)
        if HostPath.isAbsolute(path) || HostPath.isWindowsAbsolute(path) { return path }
        return HostPath.join(base, path)
    }

    private func context(_ text: String) -> String {
        let remote = ["service:", "github.com/", "git@"]
        if text.contains("://") || remote.contains(where: text.hasPrefix) { return text }
        return path(text)
    }
}

extension YAMLNode {
    fileprivate func changingText(_ change: (String) -> String) -> YAMLNode? {
        string.map { YAMLNode(.string(change($0)), at: location) }
    }

    fileprivate func changing(_ key: String, _ change: (String) -> String) -> YAMLNode? {
        guard let new = mapping?[key]?.changingText(change) else { return nil }
        var result = self
        result.changeMapping { $0[key] = new }
        return result
    }
}
