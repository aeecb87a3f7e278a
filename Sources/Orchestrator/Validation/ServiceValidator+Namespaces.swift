import ComposeFile

extension ServiceValidator {
    func checkNamespaces() throws {
        try check(service.pid, "pid", words: ["", "host"])
        try check(service.ipc, "ipc", words: ["", "host", "none", "private", "shareable"])
        try check(service.uts, "uts", words: ["", "host"])
        if let mode = service.userNamespaceMode, !["", "host"].contains(mode) {
            try reject(
                "userns_mode",
                because: "'\(mode)' is not supported; containers use the host's user namespace, so "
                    + "only 'host' is possible"
            )
        }
        if case .service(let name) = service.ipc, let other = project.services[name],
            other.ipc != .mode("shareable"), other.ipc != .host
        {
            try reject(
                "ipc",
                because: "the IPC namespace of service '\(name)' is private; set 'ipc: shareable' "
                    + "there"
            )
        }
        if service.uts == .host, service.hostname?.isEmpty == false {
            try reject(
                "hostname",
                because: "conflicts with 'uts: host'; remove one of them"
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
        try reject(
            key,
            because: "'\(mode?.description ?? "")' is not supported; use one of "
                + known.joined(separator: ", ")
        )
    }

    /// A container in another one's network namespace shares its hostname, addresses and ports.
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
            try reject(
                key,
                because: "conflicts with the network of '\(owner)'; set it there, or remove "
                    + "'network_mode'"
            )
        }
    }
}
