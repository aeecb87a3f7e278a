import Linux
import SystemPackage

extension NetworkStore {
    /// Removes what crashed processes left behind: endpoints of containers that are gone, and
    /// interfaces of ours that no file knows.
    public func removeLeftovers() throws(NetworkError) {
        try locked { () throws(NetworkError) in
            var known: Set<String> = []
            for network in try all() {
                _ = try dropDeadLeases(of: network, all: true)
                known.insert(network.bridge)
                let leases = leases(of: network.name)
                for entry in try entries(leases) {
                    let lease = try doing("read a lease in \(leases.directory)") {
                        () throws(SystemCallError) in
                        try leases.lease(entry)
                    }
                    if let lease { known.insert(lease.endpoint.hostInterface) }
                }
            }
            try doing("remove interfaces that were left behind") { () throws(SystemCallError) in
                let routes = try RouteSocket()
                for link in try routes.links()
                where instance.isOwner(ofAlias: link.alias) && !known.contains(link.name) {
                    try routes.apply([.deleteLink(link.name)])
                }
            }
        }
    }

    /// Removes the files of networks that died in the middle of being written.
    public func removeUnfinishedFiles() throws(NetworkError) {
        guard FileSystem.exists(directory) else { return }
        try locked { () throws(NetworkError) in
            try doing("remove unfinished files of networks") { () throws(SystemCallError) in
                try AtomicFile.removeLeftovers(in: directory)
            }
        }
    }

    /// Removes leases whose veth pair is gone: those of containers that are known to have ended,
    /// or `all`; true when there was one.
    func dropDeadLeases(of network: BridgeNetwork, all: Bool = false) throws(NetworkError) -> Bool {
        let leases = leases(of: network.name)
        let names = try doing("list the host's interfaces") { () throws(SystemCallError) in
            Set(try RouteSocket().links().map(\.name))
        }
        var found = false
        for entry in try entries(leases) where all || entry.isAbandoned {
            let lease = try doing("read a lease in \(leases.directory)") {
                () throws(SystemCallError) in
                try leases.lease(entry)
            }
            if let lease, names.contains(lease.endpoint.hostInterface) { continue }
            try drop(entry, leases)
            found = true
        }
        return found
    }
}
