import FoundationEssentials
import Linux
public import OCI
public import SystemPackage

/// A system call profile from a file, in the form that Docker and Podman read.
///
/// It is the OCI form, and rules may depend on capabilities and machines as well.
public struct SeccompProfile: Sendable {
    private struct File: Decodable {
        var defaultAction: RuntimeSpecification.Seccomp.Action
        var defaultErrnoRet: UInt32?
        var architectures: [String]?
        var archMap: [Machine]?
        var flags: [String]?
        var syscalls: [FileRule]?
    }

    private struct Machine: Decodable {
        var architecture: String
        var subArchitectures: [String]?
    }

    private struct FileRule: Decodable {
        var name: String?
        var names: [String]?
        var action: RuntimeSpecification.Seccomp.Action
        var errnoRet: UInt32?
        var args: [RuntimeSpecification.Seccomp.Condition]?
        var includes: Filter?
        var excludes: Filter?
    }

    private struct Filter: Decodable {
        var caps: [String]?
        var arches: [String]?
    }

    private var file: File

    /// Reads the profile at `path`.
    public init(reading path: FilePath) throws(RuntimeError) {
        let bytes = try attempt(.readBundle) { () throws(SystemCallError) in
            try FileSystem.read(path)
        }
        do {
            file = try JSONDecoder().decode(File.self, from: Data(bytes))
        } catch {
            throw .invalid(
                field: "seccomp profile",
                value: path.string,
                expected: "a JSON file like Docker's default profile (\(error))"
            )
        }
    }

    /// The rules for a process with these capabilities on this machine.
    public func resolved(capabilities: [String]) -> RuntimeSpecification.Seccomp {
        let has = Set(capabilities)
        var profile = RuntimeSpecification.Seccomp(
            defaultAction: file.defaultAction,
            defaultErrnoRet: file.defaultErrnoRet
        )
        profile.flags = file.flags
        let machine = file.archMap?.first { $0.architecture == Self.architecture }
        profile.architectures =
            machine.map { [$0.architecture] + ($0.subArchitectures ?? []) } ?? file.architectures
        profile.syscalls = (file.syscalls ?? []).filter { Self.applies($0, has) }.map { rule in
            .init(
                rule.names ?? [rule.name].compactMap { $0 },
                action: rule.action,
                errnoRet: rule.errnoRet,
                args: rule.args
            )
        }
        return profile
    }

    private static func applies(_ rule: FileRule, _ has: Set<String>) -> Bool {
        if let caps = rule.includes?.caps, !has.isSuperset(of: caps) { return false }
        if let arches = rule.includes?.arches, !arches.isEmpty, !arches.contains(machine) {
            return false
        }
        if let caps = rule.excludes?.caps, !has.isDisjoint(with: caps) { return false }
        if let arches = rule.excludes?.arches, arches.contains(machine) { return false }
        return true
    }

    #if arch(x86_64)
    private static let architecture = "SCMP_ARCH_X86_64"
    private static let machine = "amd64"
    #elseif arch(arm64)
    private static let architecture = "SCMP_ARCH_AARCH64"
    private static let machine = "arm64"
    #else
    private static let architecture = ""
    private static let machine = ""
    #endif
}
