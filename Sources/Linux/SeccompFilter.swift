import CLinux
import CSeccomp
import Glibc
public import SystemPackage

/// A program that decides on each system call of a process. Source: seccomp(2), libseccomp.
public struct SeccompFilter: Sendable, Hashable {
    /// What happens to a call.
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

    /// A condition on the argument with this index, from 0.
    public struct Condition: Hashable, Sendable {
        public var argument: UInt32
        public var comparison: Comparison

        public init(argument: UInt32, _ comparison: Comparison) {
            self.argument = argument
            self.comparison = comparison
        }
    }

    /// An action for one call, when all conditions hold.
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

    /// Classic BPF instructions, eight bytes each.
    public var program: [UInt8]

    /// Takes a program made earlier.
    public init(program: [UInt8]) { self.program = program }

    /// Compiles rules for the native architecture and those in `architectures` (`SCMP_ARCH_X86`).
    ///
    /// A call that this machine does not know is passed over, as every runtime does.
    public init(
        default defaultAction: Action,
        architectures: [String] = [],
        rules: [Rule]
    ) throws(SystemCallError) {
        let context = try SeccompContext(defaultAction)
        for architecture in architectures { try context.add(architecture: architecture) }
        for rule in rules where rule.action != defaultAction { try context.add(rule) }
        program = try context.compiled()
    }

    /// Puts the filter on the calling thread, for good; `log` notes every call that is refused.
    public func install(log: Bool = false) throws(SystemCallError) {
        let count = UInt16(program.count / 8)
        try systemCall("seccomp", "filter") {
            unsafe clinux_install_filter(program, count, log ? 2 : 0)
        }
    }
}

/// A filter in the making, owned by libseccomp.
@safe private struct SeccompContext: ~Copyable {
    private let context: scmp_filter_ctx

    init(_ defaultAction: SeccompFilter.Action) throws(SystemCallError) {
        guard let context = unsafe seccomp_init(defaultAction.code) else {
            throw SystemCallError(call: "seccomp_init", subject: "filter", reason: .noMemory)
        }
        unsafe self.context = unsafe context
        // A balanced tree of calls instead of a list: what a container pays at each call.
        _ = unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
    }

    deinit { unsafe seccomp_release(context) }

    func add(architecture name: String) throws(SystemCallError) {
        var short = name.lowercased()
        if short.hasPrefix("scmp_arch_") { short.removeFirst(10) }
        let token = unsafe seccomp_arch_resolve_name(short)
        guard token != 0 else {
            throw SystemCallError(
                call: "seccomp_arch_add",
                subject: name,
                reason: .invalidArgument
            )
        }
        let result = unsafe seccomp_arch_add(context, token)
        if result == -EEXIST { return }
        try check(result, "seccomp_arch_add", name)
    }

    func add(_ rule: SeccompFilter.Rule) throws(SystemCallError) {
        let number = unsafe seccomp_syscall_resolve_name(rule.call)
        guard number != __NR_SCMP_ERROR else { return }
        let conditions = rule.conditions.map(\.comparisonForC)
        let result = unsafe seccomp_rule_add_array(
            context,
            rule.action.code,
            number,
            UInt32(conditions.count),
            conditions
        )
        // A call that an architecture lacks, or a rule that says what is said already.
        if result == -EDOM || result == -EEXIST { return }
        try check(result, "seccomp_rule_add", rule.call)
    }

    func compiled() throws(SystemCallError) -> [UInt8] {
        let file = Descriptor(
            owning: try systemCall("memfd_create", "filter") { unsafe clinux_memfd("filter") }
        )
        try check(unsafe seccomp_export_bpf(context, file.number), "seccomp_export_bpf", "filter")
        let number = file.number
        try systemCall("lseek", "filter") { lseek(number, 0, SEEK_SET) }
        return try file.readToEnd()
    }

    private func check(
        _ result: Int32,
        _ call: String,
        _ subject: String
    ) throws(SystemCallError) {
        guard result < 0 else { return }
        throw SystemCallError(call: call, subject: subject, reason: Errno(rawValue: -result))
    }
}

extension SeccompFilter.Action {
    fileprivate var code: UInt32 {
        switch self {
        case .allow: 0x7FFF_0000
        case .log: 0x7FFC_0000
        case .trap: 0x0003_0000
        case .killThread: 0x0000_0000
        case .killProcess: 0x8000_0000
        case .fail(let reason): 0x0005_0000 | UInt32(truncatingIfNeeded: reason.rawValue) & 0xFFFF
        case .trace(let data): 0x7FF0_0000 | UInt32(data)
        }
    }
}

extension SeccompFilter.Condition {
    fileprivate var comparisonForC: scmp_arg_cmp {
        let (op, first, second): (scmp_compare, UInt64, UInt64) =
            switch comparison {
            case .notEqual(let value): (SCMP_CMP_NE, value, 0)
            case .less(let value): (SCMP_CMP_LT, value, 0)
            case .lessOrEqual(let value): (SCMP_CMP_LE, value, 0)
            case .equal(let value): (SCMP_CMP_EQ, value, 0)
            case .greaterOrEqual(let value): (SCMP_CMP_GE, value, 0)
            case .greater(let value): (SCMP_CMP_GT, value, 0)
            case .masked(let mask, let value): (SCMP_CMP_MASKED_EQ, mask, value)
            }
        return scmp_arg_cmp(arg: argument, op: op, datum_a: first, datum_b: second)
    }
}
