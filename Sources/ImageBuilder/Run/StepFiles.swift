import ContainerNetwork
import Linux
import SystemPackage

/// The files and directories next to the bundle of a step.
struct StepFiles {
    let directory: FilePath

    /// Writes the files that every step has.
    func write(_ step: RunStep, _ network: StepNetwork?) throws(SystemCallError) {
        for name in ["work", "empty", "rootfs"] {
            try FileSystem.makeDirectory(directory.appending(name))
        }
        var hosts = [
            "127.0.0.1\tlocalhost build",
            "::1\tlocalhost ip6-localhost ip6-loopback",
        ]
        for host in step.settings.extraHosts {
            let gateway = network?.gateway.map { "\($0)" } ?? "127.0.0.1"
            let address = host.address == "host-gateway" ? gateway : host.address
            hosts.append("\(address)\t\(host.name)")
        }
        try put(hosts.joined(separator: "\n") + "\n", "hosts")
        try put("build\n", "hostname")
        if let network {
            try put(network.resolvers.text, "resolv.conf")
        } else {
            try put(hostResolvers(step), "resolv.conf")
        }
    }

    private func put(_ text: String, _ name: String) throws(SystemCallError) {
        try AtomicFile.write(Array(text.utf8), to: directory.appending(name))
    }

    /// The resolver configuration of the host; empty if the step has no network.
    private func hostResolvers(_ step: RunStep) throws(SystemCallError) -> String {
        guard step.network != .none else { return "" }
        do {
            return try FileSystem.readText("/etc/resolv.conf")
        } catch  where error.reason == .noSuchFileOrDirectory {
            return ""
        }
    }
}
