import CLinux
import CSeccomp
public import SystemPackage

/// A filter for the system calls of a process. Source: seccomp(2).
public struct SeccompFilter: Sendable, Hashable {
    /// The action taken for a call.
    public enum Action: Hashable, Sendable {
        case allow
        case log
        case trap
        case killThread
        case killProcess
        case fail(Errno)
        case trace(UInt16)
    }

    public enum Comparison: Hashable, Sendable {
        case notEqual(UInt64)
        case less(UInt64)
        case lessOrEqual(UInt64)
        case equal(UInt64)
        case greaterOrEqual(UInt64)
        case greater(UInt64)
        case masked(UInt64, equals: UInt64)
    }

    /// A condition on an argument, with its index from 0.
    public struct Condition: Hashable, Sendable {
        public var argument: UInt32
        public var comparison: Comparison

        public init(argument: UInt32, _ comparison: Comparison) {
            self.argument = argument
            self.comparison = comparison
        }
    }

    /// An action for a call if all conditions are true.
    public struct Rule: Hashable, Sendable {
        public var call: String
        public var action: Action
        public var conditions: [Condition]

        public init(_ call: String, _ action: Action, when conditions: [Condition] = []) {
            self.call = call
            self.action = action
            self.conditions = conditions
        }
    }

    /// The program: classic BPF instructions of eight bytes each.
    public var program: [UInt8]

    /// Uses a program compiled earlier.
    public init(program: [UInt8]) { self.program = program }

    /// Compiles rules for the native architecture and those in `architectures` (`SCMP_ARCH_X86`).
    ///
    /// Calls unknown to an architecture are skipped, as in other runtimes. A rule without
    /// conditions overrides conditional rules for the same call. Calls with higher numbers than all
    /// that the rules name fail with ENOSYS unless the default permits them.
    public init(
        default defaultAction: Action,
        architectures: [String] = [],
        rules: [Rule]
    ) throws(SystemCallError) {
        // A system call has six arguments.
        if let condition = rules.flatMap(\.conditions).first(where: { $0.argument > 5 }) {
            throw SystemCallError(
                call: "seccomp",
                subject: "condition on argument \(condition.argument)",
                reason: .invalidArgument
            )
        }
        var assembly = SeccompAssembly(default: defaultAction)
        for token in try Self.tokens(architectures) {
            assembly.add(architecture: token)
            for rule in rules {
                guard let number = Self.number(of: rule.call, token) else { continue }
                assembly.add(rule, number: number, architecture: token)
            }
        }
        program = assembly.program()
        // BPF_MAXINSNS of the kernel.
        guard program.count / 8 <= 4096 else {
            throw SystemCallError(
                call: "seccomp",
                subject: "filter of \(program.count / 8) instructions",
                reason: .argListTooLong
            )
        }
    }

    /// The number of a call on the architecture with libseccomp's `token`; nil if it does not have
    /// the call.
    private static func number(of call: String, _ token: UInt32) -> UInt32? {
        // Negative also for calls of 32-bit x86 that libseccomp knows as a part of socketcall or ipc.
        let resolved = unsafe seccomp_syscall_resolve_name_arch(token, call)
        if resolved >= 0 { return UInt32(resolved) }
        let own =
            switch token {
            case Self.x86: SeccompNumbers.x86[call]
            case SeccompAssembly.wide, SeccompAssembly.x32: SeccompNumbers.wide[call]
            default: UInt32?.none
            }
        return own ?? recentCalls[call]
    }

    /// The audit architecture of 32-bit x86.
    private static let x86: UInt32 = 0x4000_0003

    /// Calls newer than some versions of libseccomp; their numbers are equal on all architectures.
    /// Source: kernel, `scripts/syscall.tbl`.
    private static let recentCalls: [String: UInt32] = [
        "futex_waitv": 449, "set_mempolicy_home_node": 450, "cachestat": 451, "fchmodat2": 452,
        "map_shadow_stack": 453, "futex_wake": 454, "futex_wait": 455, "futex_requeue": 456,
        "statmount": 457, "listmount": 458, "lsm_get_self_attr": 459, "lsm_set_self_attr": 460,
        "lsm_list_modules": 461, "mseal": 462, "setxattrat": 463, "getxattrat": 464,
        "listxattrat": 465, "removexattrat": 466, "open_tree_attr": 467, "file_getattr": 468,
        "file_setattr": 469,
    ]

    /// libseccomp's tokens of the architectures, the native one first.
    private static func tokens(_ names: [String]) throws(SystemCallError) -> [UInt32] {
        var tokens = [seccomp_arch_native()]
        for name in names {
            var short = name.lowercased()
            if short.hasPrefix("scmp_arch_") { short.removeFirst(10) }
            let token = unsafe seccomp_arch_resolve_name(short)
            guard token != 0 else {
                throw SystemCallError(
                    call: "seccomp",
                    subject: "architecture \(name)",
                    reason: .invalidArgument
                )
            }
            if !tokens.contains(token) { tokens.append(token) }
        }
        return tokens
    }

    /// Installs the filter on the calling thread irrevocably; `log` logs refused calls.
    public func install(log: Bool = false) throws(SystemCallError) {
        let count = UInt16(program.count / 8)
        try systemCall("seccomp", "filter") {
            unsafe clinux_install_filter(program, count, log ? 2 : 0)
        }
    }
}
