import Linux
import OCI
import SystemPackage

/// The last steps of a new process, from a full copy of ours to the program it is to be.
///
/// Runs inside the container's namespaces and root, in a process of one thread. Made before that
/// process is: a copy pays for every page that it changes and for every type it meets first.
struct ProcessSetup {
    let process: RuntimeSpecification.Process
    let extensions: RuntimeExtensions
    /// nil for no filter.
    var filter: SeccompFilter?
    let logsRefusedCalls: Bool
    private let limits: [Limit]
    private let capabilities: Capabilities
    private let call: ProgramCall
    /// Every place where the program may be.
    private let places: [String]
    private let hasHome: Bool

    private struct Limit {
        var kind: ResourceLimit
        var soft: UInt64
        var hard: UInt64
    }

    /// What is asked for, and may be more than there is.
    private struct Capabilities {
        var bounding: CapabilitySet
        var effective: CapabilitySet
        var permitted: CapabilitySet
        var inheritable: CapabilitySet
        var ambient: CapabilitySet

        init(_ names: RuntimeSpecification.Capabilities) {
            bounding = Self.set(names.bounding)
            // Mostly the same.
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

    /// Who the process becomes; the image's own files have been asked.
    struct Identity {
        var user: UInt32
        var group: UInt32
        var groups: [UInt32]
        var home: String
    }

    /// Looks the user up in the mounted root; who is not named is the image's root.
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

    /// Makes the working directory when the image lacks it, and goes there.
    ///
    /// The directory is reached through the confined root, so a descriptor that leaked from the
    /// host could not serve as one.
    func enterWorkingDirectory(
        _ root: borrowing ConfinedDirectory,
        makingIt: Bool = true
    ) throws(RuntimeError) {
        let path = process.cwd.isEmpty ? "/" : process.cwd
        guard path.hasPrefix("/") else {
            throw .invalid(field: "process.cwd", value: path, expected: "an absolute path")
        }
        try attempt(.workingDirectory, path) { () throws(SystemCallError) in
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
        }
    }

    /// Sets the process's limits, while it still may.
    func setLimits() throws(RuntimeError) {
        for limit in limits {
            try attempt(.limits) { () throws(SystemCallError) in
                try limit.kind.set(soft: limit.soft, hard: limit.hard)
            }
        }
    }

    /// Gives up what the process is not to have, and becomes the program.
    ///
    /// Returns only by throwing. Without `noNewPrivileges` the kernel takes a filter only from
    /// someone with CAP_SYS_ADMIN, so it comes first; with it, it comes last, and so covers less
    /// of our own work.
    func becomeProgram(_ identity: Identity) throws(RuntimeError) -> Never {
        // Before the filter, which may not let us make it.
        var initProgram: InitProgram?
        if extensions.usesInit {
            initProgram = try attempt(.execute) { () throws(SystemCallError) in
                try InitProgram()
            }
        }
        CurrentProcess.setUmask(process.user?.umask ?? 0o022)
        let noNewPrivileges = process.noNewPrivileges == true
        if !noNewPrivileges { try installFilter() }
        try becomeUser(identity)
        if noNewPrivileges {
            try attempt(.capabilities) { () throws(SystemCallError) in
                try CurrentProcess.setNoNewPrivileges()
            }
            try installFilter()
        }
        CurrentProcess.resetSignals()
        try attempt(.execute) { () throws(SystemCallError) in
            try CurrentProcess.closeOnExecution(from: 3)
        }
        if let initProgram = initProgram.take() { try leave(initProgram) }
        if !hasHome { call.add(variable: "HOME=\(identity.home)") }
        throw execute()
    }

    private func installFilter() throws(RuntimeError) {
        guard let filter else { return }
        try attempt(.seccomp) { () throws(SystemCallError) in
            try filter.install(log: logsRefusedCalls)
        }
    }

    private func becomeUser(_ identity: Identity) throws(RuntimeError) {
        // What this machine cannot give is passed over, as runc does.
        let available = try attempt(.capabilities) { () throws(SystemCallError) in
            try CapabilitySet.permitted()
        }
        // A named user who turns out not to be root keeps what execve would leave him: nothing.
        let isOrdinary = extensions.user != nil && identity.user != 0
        let most = isOrdinary ? CapabilitySet() : available
        let permitted = capabilities.permitted.intersection(most)
        let effective = capabilities.effective.intersection(most)
        let inheritable = capabilities.inheritable.intersection(available)
        try attempt(.capabilities) { () throws(SystemCallError) in
            try capabilities.bounding.limitBounding()
            try CurrentProcess.keepCapabilities(true)
        }
        try attempt(.user) { () throws(SystemCallError) in
            try CurrentProcess.setIdentity(
                user: identity.user,
                group: identity.group,
                groups: identity.groups
            )
        }
        try attempt(.capabilities) { () throws(SystemCallError) in
            try CurrentProcess.keepCapabilities(false)
            try CapabilitySet.apply(
                effective: effective,
                permitted: permitted,
                inheritable: inheritable
            )
            try capabilities.ambient.intersection(permitted).intersection(inheritable)
                .setAmbient()
        }
    }

    /// Goes on as a child, and leaves the init program behind as PID 1.
    private func leave(_ initProgram: consuming InitProgram) throws(RuntimeError) {
        let child = try attempt(.execute) { () throws(SystemCallError) in
            try CurrentProcess.blockSignals()
            return try CurrentProcess.fork()
        }
        guard child == 0 else { throw .refused(.execute, initProgram.become(servantOf: child)) }
        CurrentProcess.resetSignals()
        do throws(SystemCallError) {
            // The container's program must not find a PID 1 that is still a copy of us.
            try initProgram.waitForDeparture()
            try CurrentProcess.takeForeground()
        } catch {
            throw .refused(.execute, error)
        }
    }

    /// Tries every place where the program may be, as execvp(3) does.
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

    /// The paths that a program's name may stand for.
    static func candidates(_ name: String, _ environment: [String]) -> [String] {
        if name.contains("/") { return [name] }
        let variable = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5)
        let path = variable ?? ImageConfiguration.Config.defaultPath[...]
        return path.split(separator: ":").map { "\($0)/\(name)" }
    }
}
