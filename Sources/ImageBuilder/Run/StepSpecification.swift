import Linux
import OCI
import SystemPackage

/// The bundle of a step: what Docker's defaults and the step's own wishes come to.
struct StepSpecification {
    let job: RunJob
    let identity: Identity
    let mounts: StepMounts
    let directory: FilePath

    private static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Where the step's processes are counted.
    static func cgroup(of directory: FilePath) -> String {
        "/swiftcompose/build-\(directory.lastComponent?.string ?? "")"
    }

    /// What the step's processes find in their environment.
    var environment: [String] {
        var lines = job.step.environment + job.step.proxies + mounts.environment
        if !lines.contains(where: { $0.hasPrefix("PATH=") }) {
            lines.insert("PATH=" + Self.searchPath, at: 0)
        }
        if !lines.contains(where: { $0.hasPrefix("HOME=") }) {
            lines.append("HOME=\(identity.home)")
        }
        return lines
    }
}
