import Linux
import OCI
import SystemPackage

/// The last steps of a new process, from a copy of this one to its program.
///
/// Runs inside the container's namespaces and root, in a process of one thread. Created before the
/// clone, because the copy pays for every page that it changes and for the first use of every type.
struct ProcessSetup {
    let process: RuntimeSpecification.Process
    let extensions: RuntimeExtensions
    /// nil for no filter.
    var filter: SeccompFilter?
    let logsRefusedCalls: Bool
    private let limits: [Limit]
    private let capabilities: Capabilities
    private let call: ProgramCall
    /// The paths at which to look for the program.
    private let places: [String]
    private let hasHome: Bool

    private struct Limit {
        var kind: ResourceLimit
        var soft: UInt64
        var hard: UInt64
    }

    /// The capabilities of the specification, which may exceed those of this machine.
    private struct Capabilities {
        var bounding: CapabilitySet
        var effective: CapabilitySet
        var permitted: CapabilitySet
        var inheritable: CapabilitySet
        var ambient: CapabilitySet

        init(_ names: RuntimeSpecification.Capabilities) {
            bounding = Self.set(names.bounding)
            permitted =
                names.permitted == names.bounding ? bounding : Self.set(names.permitted)
            effective =
                names.effective == names.permitted ? permitted : Self.set(names.effective)
            inheritable = Self.set(names.inheritable)
            ambient = Self.set(names.ambient)
        }

        private static func set(_ names: [String]?) -> CapabilitySet {
            CapabilitySet((names ?? []).compactMap { Capability($0) })
        }
    }

    init(
        process: RuntimeSpecification.Process,
        extensions: RuntimeExtensions,
        filter: SeccompFilter? = nil,
        logsRefusedCalls: Bool = false
    ) throws(RuntimeError) {
        self.process = process
        self.extensions = extensions
        self.filter = filter
        self.logsRefusedCalls = logsRefusedCalls
        limits = try (process.rlimits ?? []).map { limit throws(RuntimeError) in
            guard let kind = ResourceLimit(limit.type) else {
                throw .invalid(
                    field: "process.rlimits",
                    value: limit.type,
                    expected: "a limit of getrlimit(2) such as RLIMIT_NOFILE"
                )
            }
            return Limit(kind: kind, soft: limit.soft, hard: limit.hard)
        }
        capabilities = Capabilities(process.capabilities ?? .init())
        let (arguments, environment) = (process.args ?? [], process.env ?? [])
        call = ProgramCall(arguments: arguments, environment: environment)
        places = arguments.first.map { Self.candidates($0, environment) } ?? []
        hasHome = environment.contains { $0.hasPrefix("HOME=") }
    }

    /// The user and groups of the process, resolved with the image's files.
    struct Identity {
        var user: UInt32
        var group: UInt32
        var groups: [UInt32]
        var home: String
    }

    /// Looks up the user in the mounted root; root if the specification names none.
    func identity(in root: borrowing ConfinedDirectory) throws(RuntimeError) -> Identity {
        let database = UserDatabase(root: root)
        let given = process.user ?? RuntimeSpecification.User()
        if let name = extensions.user ?? (given == RuntimeSpecification.User() ? "" : nil) {
            let found = try database.identity(of: name, additionalGroups: extensions.groups)
            return Identity(
                user: found.user,
                group: found.group,
                groups: found.groups,
                home: found.home
            )
        }
        let home = try database.identity(of: "\(given.uid)").home
        var groups = given.additionalGids ?? []
        for name in extensions.groups { groups.append(try database.group(name)) }
        return Identity(user: given.uid, group: given.gid, groups: groups, home: home)
    }

    /// Changes to the working directory, creating it when missing unless `makingIt` is false.
    ///
    /// The directory is opened through the confined root, so that a path such as
    /// `/proc/self/fd/7` cannot lead to the host (CVE-2024-21626).
    func enterWorkingDirectory(
        _ root: borrowing ConfinedDirectory,
        makingIt: Bool = true
    ) throws(RuntimeError) {
        let path = process.cwd.isEmpty ? "/" : process.cwd
        guard path.hasPrefix("/") else {
            throw .invalid(field: "process.cwd", value: path, expected: "an absolute path")
        }
        do throws(SystemCallError) {
            let directory =
                makingIt ? try root.make(path, .directory) : try root.open(path)
            try CurrentProcess.changeDirectory(to: directory)
            guard try CurrentProcess.workingDirectory().hasPrefix("/") else {
                throw SystemCallError(
                    call: "getcwd",
                    subject: path,
                    reason: .noSuchFileOrDirectory
                )
            }
        } catch {
            throw .refused(.workingDirectory, error.replacingSubject(with: path))
        }
    }

    /// Sets the resource limits, while the process has the capability to raise them.
    func setLimits() throws(RuntimeError) {
        for limit in limits {
            try RuntimeError.during(.limits, limit.kind.set(soft: limit.soft, hard: limit.hard))
        }
    }

    /// Drops privileges and executes the program.
    ///
    /// Returns only by throwing. Without `noNewPrivileges`, installing a filter needs CAP_SYS_ADMIN
    /// and comes first; with it, the filter comes last and applies to fewer of this program's own
    /// calls.
    func becomeProgram(_ identity: Identity) throws(RuntimeError) -> Never {
        // Before the filter, which may not allow creating it.
        var initProgram: InitProgram?
        if extensions.usesInit {
            initProgram = try RuntimeError.during(.execute, InitProgram())
        }
        CurrentProcess.setUmask(process.user?.umask ?? 0o022)
        let noNewPrivileges = process.noNewPrivileges == true
        if !noNewPrivileges { try installFilter() }
        try becomeUser(identity)
        if noNewPrivileges {
            try RuntimeError.during(.capabilities, CurrentProcess.setNoNewPrivileges())
            try installFilter()
        }
        CurrentProcess.resetSignals()
        try RuntimeError.during(.execute, CurrentProcess.closeOnExecution(from: 3))
        if let initProgram = initProgram.take() { try leave(initProgram) }
        if !hasHome { call.add(variable: "HOME=\(identity.home)") }
        throw execute()
    }

    private func installFilter() throws(RuntimeError) {
        guard let filter else { return }
        try RuntimeError.during(.seccomp, filter.install(log: logsRefusedCalls))
    }

    private func becomeUser(_ identity: Identity) throws(RuntimeError) {
        // Capabilities that this machine does not have are ignored, as in runc.
        let available = try RuntimeError.during(.capabilities, CapabilitySet.permitted())
        // A named user that is not root keeps no capabilities, as execve(2) would leave none.
        let isOrdinary = extensions.user != nil && identity.user != 0
        let most = isOrdinary ? CapabilitySet() : available
        let permitted = capabilities.permitted.intersection(most)
        let effective = capabilities.effective.intersection(most)
        let inheritable = capabilities.inheritable.intersection(available)
        try RuntimeError.during(.capabilities, capabilities.bounding.limitBounding())
        try RuntimeError.during(.capabilities, CurrentProcess.keepCapabilities(true))
        try RuntimeError.during(
            .user,
            CurrentProcess.setIdentity(
                user: identity.user,
                group: identity.group,
                groups: identity.groups
            )
        )
        let ambient = capabilities.ambient.intersection(permitted).intersection(inheritable)
        do {
            try CurrentProcess.keepCapabilities(false)
            try CapabilitySet.apply(
                effective: effective,
                permitted: permitted,
                inheritable: inheritable
            )
            try ambient.setAmbient()
        } catch {
            throw .refused(.capabilities, error)
        }
    }

    /// Continues in a child and makes this process, PID 1, the init program.
    private func leave(_ initProgram: consuming InitProgram) throws(RuntimeError) {
        try RuntimeError.during(.execute, CurrentProcess.blockSignals())
        let child = try RuntimeError.during(.execute, CurrentProcess.fork())
        guard child == 0 else { throw .refused(.execute, initProgram.execute(asInitOf: child)) }
        CurrentProcess.resetSignals()
        do throws(SystemCallError) {
            // The program must not see a PID 1 that is still a copy of this program.
            try initProgram.waitForParent()
            try CurrentProcess.takeForeground()
        } catch {
            throw .refused(.execute, error)
        }
    }

    /// Executes the first candidate that can be executed, as execvp(3) does.
    private func execute() -> RuntimeError {
        guard let name = process.args?.first else {
            return .invalid(field: "process.args", value: "", expected: "a program")
        }
        var reason = SystemCallError(
            call: "execve",
            subject: name,
            reason: .noSuchFileOrDirectory
        )
        if name.isEmpty { return .refused(.execute, reason) }
        for path in places {
            let error = call.execute(path)
            switch error.reason {
            case .noSuchFileOrDirectory, .notDirectory: continue
            case .permissionDenied: reason.reason = error.reason
            default: return .refused(.execute, error)
            }
        }
        return .refused(.execute, reason)
    }

    /// Returns the paths at which to look for a program.
    static func candidates(_ name: String, _ environment: [String]) -> [String] {
        if name.contains("/") { return [name] }
        let variable = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5)
        let path = variable ?? ImageConfiguration.Config.defaultPath[...]
        return path.split(separator: ":").map { "\($0)/\(name)" }
    }
}
