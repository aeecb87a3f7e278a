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
    /// Nil for no filter.
    var filter: SeccompFilter?
    private let logsRefusedCalls: Bool
    private let limits: [DefaultLimits.Limit]
    private let capabilities: Capabilities
    private let call: ProgramCall
    /// The paths at which to look for the program.
    let paths: [String]
    private let hasHome: Bool

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

    /// Prepares the process of a specification, the container's own or an additional one.
    ///
    /// With options for a starter, the program is started by `startProgram`, otherwise by
    /// `becomeProgram`.
    init(
        _ specification: RuntimeSpecification,
        extensions: RuntimeExtensions? = nil,
        filter: SeccompFilter? = nil,
        starter options: StarterProgram.Options? = nil
    ) throws(RuntimeError) {
        process = specification.process ?? .init(args: [])
        self.extensions = extensions ?? specification.extensions
        self.filter = filter
        let flags = specification.linux?.seccomp?.flags ?? []
        logsRefusedCalls = flags.contains("SECCOMP_FILTER_FLAG_LOG")
        limits = try DefaultLimits.limits(overriddenBy: process.rlimits ?? [])
        capabilities = Capabilities(process.capabilities ?? .init())
        let (arguments, environment) = (process.args ?? [], process.env ?? [])
        paths = arguments.first.map { Self.candidates($0, environment) } ?? []
        hasHome = environment.contains { $0.hasPrefix("HOME=") }
        if let options {
            call = StarterProgram.call(
                paths,
                arguments: arguments,
                environment: environment,
                options: options
            )
        } else {
            call = ProgramCall(arguments: arguments, environment: environment)
        }
    }

    /// Drops everything inherited from the parent except the streams and the descriptors `kept`.
    ///
    /// Limits, signals and privileges follow later, since the set-up depends on them.
    func leaveParent(
        _ streams: StandardStreams,
        keeping kept: [Int32]
    ) throws(RuntimeError) -> OpenStreams {
        do {
            // Processes in the namespaces that this one joins must not read the parent's memory.
            try CurrentProcess.setDumpable(false)
            try CurrentProcess.startSession()
            try CurrentProcess.resetInheritedAttributes()
        } catch {
            throw .refused(.clone, error)
        }
        try adjustOutOfMemoryScore()
        try AppArmor.confine(to: process.apparmorProfile)
        let opened = try OpenStreams(streams)
        try RuntimeError.during(
            .streams,
            CurrentProcess.closeDescriptors(except: opened.numbers + kept)
        )
        CurrentProcess.setUmask(0)
        return opened
    }

    private func adjustOutOfMemoryScore() throws(RuntimeError) {
        guard let adjustment = process.oomScoreAdj else {
            return try InheritedAttributes.resetOutOfMemoryScore()
        }
        try RuntimeError.during(
            .limits,
            "oom_score_adj \(adjustment)",
            FileSystem.write("\(adjustment)", into: "/proc/self/oom_score_adj")
        )
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
        for limit in limits { try RuntimeError.during(.limits, limit.apply()) }
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
        try dropPrivileges(identity)
        try RuntimeError.during(.execute, CurrentProcess.closeOnExecution(from: 3))
        if let initProgram = initProgram.take() { try leave(initProgram) }
        if !hasHome { call.add(variable: "HOME=\(identity.home)") }
        throw execute()
    }

    /// Drops privileges and starts the program in the PID namespace of this process's children.
    ///
    /// Returns only by throwing. The program becomes a child of this process's parent, which
    /// receives `StarterProgram.Report`s through the message socket `socket`.
    func startProgram(_ identity: Identity, reportingTo socket: Int32) throws(RuntimeError) -> Never
    {
        try checkProgram()
        // Before the filter, which may not allow creating it.
        let starter = try RuntimeError.during(.execute, StarterProgram())
        try dropPrivileges(identity)
        if !hasHome { call.add(variable: "HOME=\(identity.home)") }
        // Only this process can read the program with the rights of its user.
        if let fault = ProgramFault.find(in: paths) {
            try RuntimeError.during(
                .execute,
                MessageSocket.send([ChildMessage.fault] + fault.encoded, to: socket)
            )
        }
        throw .refused(.execute, starter.execute(call, reportingTo: socket))
    }

    private func dropPrivileges(_ identity: Identity) throws(RuntimeError) {
        CurrentProcess.setUmask(process.user?.umask ?? 0o022)
        let noNewPrivileges = process.noNewPrivileges == true
        if !noNewPrivileges { try installFilter() }
        try becomeUser(identity)
        if noNewPrivileges {
            try RuntimeError.during(.capabilities, CurrentProcess.setNoNewPrivileges())
            try installFilter()
        }
        CurrentProcess.resetSignals()
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
        do throws(RuntimeError) {
            try checkProgram()
        } catch {
            return error
        }
        var reason = Errno.noSuchFileOrDirectory
        for path in paths {
            let error = call.execute(path)
            switch error.reason {
            case .noSuchFileOrDirectory, .notDirectory: continue
            case .permissionDenied: reason = error.reason
            default: return ProgramFault.find(in: [path]) ?? Self.refusal(of: path, error.reason)
            }
        }
        return ProgramFault.find(in: paths) ?? Self.refusal(of: process.args?.first ?? "", reason)
    }

    private func checkProgram() throws(RuntimeError) {
        guard let name = process.args?.first else {
            throw .invalid(field: "process.args", value: "", expected: "a program")
        }
        if name.isEmpty { throw Self.refusal(of: name, .noSuchFileOrDirectory) }
    }

    static func refusal(of program: String, _ reason: Errno) -> RuntimeError {
        .refused(.execute, SystemCallError(call: "execve", subject: program, reason: reason))
    }

    /// Returns the paths at which to look for a program.
    static func candidates(_ name: String, _ environment: [String]) -> [String] {
        if name.contains("/") { return [name] }
        let variable = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5)
        let path = variable ?? ImageConfiguration.Config.defaultPath[...]
        return path.split(separator: ":").map { "\($0)/\(name)" }
    }
}
