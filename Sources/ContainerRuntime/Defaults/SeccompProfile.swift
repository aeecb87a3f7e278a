import FoundationEssentials
import Linux
public import OCI
public import SystemPackage

/// A seccomp profile in the format of Docker and Podman.
///
/// The format extends that of OCI: rules may depend on capabilities, architectures and kernels.
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
        var minKernel: String?
    }

    private var file: File

    /// Reads the profile at `path`.
    public init(reading path: FilePath) throws(RuntimeError) {
        let bytes = try RuntimeError.during(.readProfile, FileSystem.read(path))
        try self.init(parsing: bytes, from: path.string)
    }

    /// Parses a profile; `name` identifies it in error messages.
    public init(parsing text: [UInt8], from name: String) throws(RuntimeError) {
        func refuse(_ reason: String) -> RuntimeError {
            .invalid(
                field: "seccomp profile",
                value: name,
                expected: "a profile in Docker's format: \(reason)"
            )
        }
        do {
            file = try JSONDecoder().decode(File.self, from: Data(text))
        } catch let error as DecodingError {
            throw refuse(Self.explain(error))
        } catch {
            throw refuse("\(error)")
        }
        if let fault = Self.fault(in: file) { throw refuse(fault) }
    }

    private static func explain(_ error: DecodingError) -> String {
        let (context, key): (DecodingError.Context, (any CodingKey)?) =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                (context, nil)
            case .keyNotFound(let key, let context): (context, key)
            @unknown default: (.init(codingPath: [], debugDescription: "\(error)"), nil)
            }
        let steps = (context.codingPath + [key].compactMap(\.self)).map { key in
            key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
        }
        let place = steps.joined().drop { $0 == "." }
        let problem = key == nil ? context.debugDescription : "is missing"
        return place.isEmpty ? problem : "\(place): \(problem)"
    }

    /// Returns the first fault of a well-formed file that is not a valid profile.
    private static func fault(in file: File) -> String? {
        if file.archMap?.isEmpty == false, file.architectures?.isEmpty == false {
            return "only one of archMap and architectures can be given"
        }
        for (index, rule) in (file.syscalls ?? []).enumerated() {
            if (rule.name == nil) == (rule.names == nil) {
                return "syscalls[\(index)]: one of name and names is needed"
            }
            for text in [rule.includes?.minKernel, rule.excludes?.minKernel].compactMap(\.self)
            where KernelVersion(text) == nil {
                return "syscalls[\(index)]: minKernel '\(text)' is not a version such as 4.8"
            }
        }
        return nil
    }

    /// Returns the rules for a process with these capabilities on this machine and kernel.
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

    /// Whether a rule applies to this process, architecture and kernel.
    private static func applies(_ rule: FileRule, _ has: Set<String>) -> Bool {
        if let caps = rule.includes?.caps, !has.isSuperset(of: caps) { return false }
        if let arches = rule.includes?.arches, !arches.isEmpty, !arches.contains(machine) {
            return false
        }
        if let least = rule.includes?.minKernel.flatMap(KernelVersion.init), running < least {
            return false
        }
        if let least = rule.excludes?.minKernel.flatMap(KernelVersion.init), running >= least {
            return false
        }
        if let caps = rule.excludes?.caps, !has.isDisjoint(with: caps) { return false }
        if let arches = rule.excludes?.arches, arches.contains(machine) { return false }
        return true
    }

    private static let running: KernelVersion = {
        // A kernel that does not disclose its version is treated as a recent one.
        let release = try? FileSystem.readText("/proc/sys/kernel/osrelease")
        return release.flatMap(KernelVersion.init) ?? KernelVersion(major: .max, minor: 0)
    }()

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
