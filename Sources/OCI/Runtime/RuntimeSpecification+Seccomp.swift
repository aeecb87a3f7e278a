extension RuntimeSpecification {
    /// The system calls that the container may make. Source: `config-linux.md`, seccomp.
    public struct Seccomp: Codable, Hashable, Sendable {
        /// The action for a call, named as in libseccomp.
        public enum Action: String, Codable, Sendable {
            case kill = "SCMP_ACT_KILL"
            case killProcess = "SCMP_ACT_KILL_PROCESS"
            case killThread = "SCMP_ACT_KILL_THREAD"
            case trap = "SCMP_ACT_TRAP"
            case errno = "SCMP_ACT_ERRNO"
            case trace = "SCMP_ACT_TRACE"
            case allow = "SCMP_ACT_ALLOW"
            case log = "SCMP_ACT_LOG"
        }

        public var defaultAction: Action
        public var defaultErrnoRet: UInt32?
        public var architectures: [String]?
        /// `SECCOMP_FILTER_FLAG_LOG` and so on.
        public var flags: [String]?
        public var syscalls: [Rule]?

        public init(defaultAction: Action, defaultErrnoRet: UInt32? = nil) {
            self.defaultAction = defaultAction
            self.defaultErrnoRet = defaultErrnoRet
        }
    }
}

extension RuntimeSpecification.Seccomp {
    /// The action for a set of calls if all conditions on their arguments are true.
    public struct Rule: Codable, Hashable, Sendable {
        public var names: [String]
        public var action: Action
        public var errnoRet: UInt32?
        public var args: [Condition]?

        public init(
            _ names: [String],
            action: Action,
            errnoRet: UInt32? = nil,
            args: [Condition]? = nil
        ) {
            self.names = names
            self.action = action
            self.errnoRet = errnoRet
            self.args = args
        }
    }

    /// A comparison of an argument of a call.
    public struct Condition: Codable, Hashable, Sendable {
        public enum Operator: String, Codable, Sendable {
            case notEqual = "SCMP_CMP_NE"
            case less = "SCMP_CMP_LT"
            case lessOrEqual = "SCMP_CMP_LE"
            case equal = "SCMP_CMP_EQ"
            case greaterOrEqual = "SCMP_CMP_GE"
            case greater = "SCMP_CMP_GT"
            /// `value` is the mask, `valueTwo` the expected result.
            case maskedEqual = "SCMP_CMP_MASKED_EQ"
        }

        public var index: UInt32
        public var value: UInt64
        public var valueTwo: UInt64?
        public var op: Operator

        public init(_ index: UInt32, _ op: Operator, _ value: UInt64, _ valueTwo: UInt64? = nil) {
            self.index = index
            self.op = op
            self.value = value
            self.valueTwo = valueTwo
        }
    }
}
