import YAML

extension LongForms {
    mutating func expandPorts(_ value: inout YAMLNode, _ path: String) {
        guard let entries = value.sequence else { return }
        var ports: [YAMLNode] = []
        for (index, entry) in entries.enumerated() {
            guard let text = entry.string ?? entry.integer.map(String.init) else {
                if case .float(let number) = entry.content {
                    let text = GoNumber.text(number)
                    let reason = "a port is an integer"
                    let place = "\(path)[\(index)]"
                    addError(.invalid("port", found: text, reason: reason, path: place), at: entry)
                }
                ports.append(entry)
                continue
            }
            switch PortText.ports(of: text) {
            case .success(let parsed):
                ports += parsed.map {
                    YAMLNode(.mapping(mapping(of: $0, entry)), at: entry.location)
                }
            case .failure(let error):
                let place = "\(path)[\(index)]"
                let problem = ComposeError.Problem.invalid(
                    "port",
                    found: text,
                    reason: error.reason,
                    path: place
                )
                // A number contains no variable.
                if entry.string == nil {
                    addError(problem, at: entry)
                } else {
                    report(problem, at: entry)
                }
                return
            }
        }
        value.content = .sequence(ports)
    }

    private func mapping(of port: Port, _ node: YAMLNode) -> Mapping {
        var mapping = Mapping()
        mapping["mode"] = port.mode.map { YAMLNode(.string($0), at: node.location) }
        mapping["host_ip"] = port.hostIP.map { YAMLNode(.string($0), at: node.location) }
        mapping["target"] = YAMLNode(.integer(port.target), at: node.location)
        mapping["published"] = port.published.map { YAMLNode(.string($0), at: node.location) }
        mapping["protocol"] = port.protocol.map { YAMLNode(.string($0), at: node.location) }
        return mapping
    }

    mutating func expandVolume(_ value: inout YAMLNode, _ path: String) {
        guard let text = value.string else { return }
        switch VolumeText.volume(of: text) {
        case .success(let volume): value.content = .mapping(mapping(of: volume, value.location))
        case .failure(let error):
            report(.invalid("mount", found: text, reason: error.reason, path: path), at: value)
        }
    }

    private func mapping(of volume: ServiceVolume, _ location: SourceLocation) -> Mapping {
        func text(_ value: String?) -> YAMLNode? {
            value.map { YAMLNode(.string($0), at: location) }
        }
        func flag(_ value: Bool) -> YAMLNode? {
            value ? YAMLNode(.bool(true), at: location) : nil
        }
        var mapping = Mapping()
        mapping["type"] = text(volume.kind.rawValue)
        mapping["source"] = text(volume.source)
        mapping["target"] = text(CleanPath.clean(volume.target))
        mapping["read_only"] = flag(volume.readOnly)
        if let options = volume.bind {
            var bind = Mapping()
            bind["selinux"] = text(options.selinux)
            bind["propagation"] = text(options.propagation)
            bind["create_host_path"] = flag(options.createHostPath ?? false)
            mapping["bind"] = YAMLNode(.mapping(bind), at: location)
        }
        if let options = volume.volume {
            var volume = Mapping()
            volume["nocopy"] = flag(options.noCopy)
            mapping["volume"] = YAMLNode(.mapping(volume), at: location)
        }
        return mapping
    }

    mutating func expandDevice(_ value: inout YAMLNode, _ path: String) {
        guard let text = value.string else { return }
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 3 {
            let reason = "too many colons; use the long form"
            report(.invalid("device", found: text, reason: reason, path: path), at: value)
            // As docker compose prints a device with uninterpolated variables.
            parts = [""]
        }
        let target = parts.count > 1 && !parts[1].isEmpty ? parts[1] : parts[0]
        var device = Mapping()
        device["source"] = YAMLNode(.string(parts[0]), at: value.location)
        device["target"] = YAMLNode(.string(target), at: value.location)
        device["permissions"] = YAMLNode(
            .string(parts.count > 2 ? parts[2] : "rwm"),
            at: value.location
        )
        value.content = .mapping(device)
    }
}
