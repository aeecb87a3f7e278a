import ComposeFile

extension ServiceValidator {
    func checkNamespaces() throws {
        try check(service.pid, "pid", words: ["", "host"])
        try check(service.ipc, "ipc", words: ["", "host", "none", "private", "shareable"])
        try check(service.uts, "uts", words: ["", "host"])
        if let mode = service.userNamespaceMode, !["", "host"].contains(mode) {
            try refuse(
                "userns_mode",
                because: "'\(mode)' cannot be used; containers have the host's users, so only "
                    + "'host' is possible"
            )
        }
        if case .service(let name) = service.ipc, let other = project.services[name],
            other.ipc != .mode("shareable"), other.ipc != .host
        {
            try refuse(
                "ipc",
                because: "the shared memory of '\(name)' is private; give '\(name)' "
                    + "'ipc: shareable'"
            )
        }
        if service.uts == .host, service.hostname?.isEmpty == false {
            try refuse(
                "hostname",
                because: "'uts: host' leaves the host its name; drop one of both"
            )
        }
        try checkNetworkOfOthers()
    }

    private func check(_ mode: NamespaceMode?, _ key: String, words: [String]) throws {
        switch mode {
        case nil: return
        case .mode(let word) where words.contains(word): return
        case .service, .container:
            if key != "uts" { return }
        case .mode: break
        }
        let known = words.filter { !$0.isEmpty } + (key == "uts" ? [] : ["service:NAME"])
        try refuse(
            key,
            because: "'\(mode?.description ?? "")' cannot be used; known here: "
                + known.joined(separator: ", ")
        )
    }

    /// Who lives in another container's network namespace has its name, addresses and ports.
    private func checkNetworkOfOthers() throws {
        let owner: String
        switch service.networkMode {
        case .service(let name)?, .container(let name)?: owner = name
        default: return
        }
        let given: [(key: String, isGiven: Bool)] = [
            ("hostname", service.hostname?.isEmpty == false),
            ("mac_address", service.macAddress?.isEmpty == false),
            ("ports", !service.ports.isEmpty), ("expose", !service.expose.isEmpty),
            ("dns", !service.dns.isEmpty), ("extra_hosts", !service.extraHosts.isEmpty),
            ("links", !service.links.isEmpty),
        ]
        for (key, isGiven) in given where isGiven {
            try refuse(
                key,
                because: "the network is that of '\(owner)', so this belongs there; move it, or "
                    + "drop 'network_mode'"
            )
        }
    }
}
