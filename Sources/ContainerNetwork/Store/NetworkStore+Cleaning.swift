import Linux
import SystemPackage

extension NetworkStore {
    /// Removes what crashed processes left behind: endpoints of containers that have exited, and
    /// interfaces of ours that belong to no lease or network.
    public func removeLeftovers() throws(NetworkError) {
        try locked { () throws(NetworkError) in
            var known: Set<String> = []
            for network in try all() {
                _ = try dropStaleLeases(of: network, all: true)
                known.insert(network.bridge)
                let leases = leases(of: network.name)
                for entry in try entries(leases) {
                    if let lease = try lease(entry, leases) {
                        known.insert(lease.endpoint.hostInterface)
                    }
                }
            }
            try NetworkError.during("remove interfaces that were left behind") {
                () throws(SystemCallError) in
                let routes = try RouteSocket()
                for link in try routes.links()
                where instance.isOwner(ofAlias: link.alias) && !known.contains(link.name) {
                    try routes.apply([.deleteLink(link.name)])
                }
            }
        }
    }

    /// Removes temporary files of processes that were killed while they wrote them.
    public func removeUnfinishedFiles() throws(NetworkError) {
        guard FileSystem.exists(directory) else { return }
        try locked { () throws(NetworkError) in
            try NetworkError.during(
                "remove unfinished files of networks",
                try AtomicFile.removeLeftovers(in: directory)
            )
        }
    }

    /// Removes leases whose veth pair no longer exists: abandoned ones, or `all`. Returns whether
    /// there was one.
    func dropStaleLeases(
        of network: BridgeNetwork,
        all: Bool = false
    ) throws(NetworkError) -> Bool {
        let leases = leases(of: network.name)
        let names = try NetworkError.during(
            "list the host's interfaces",
            Set(try RouteSocket().links().map(\.name))
        )
        var found = false
        for entry in try entries(leases) where all || entry.isAbandoned {
            let lease = try lease(entry, leases)
            if let lease, names.contains(lease.endpoint.hostInterface) { continue }
            try drop(entry, leases)
            found = true
        }
        return found
    }
}
