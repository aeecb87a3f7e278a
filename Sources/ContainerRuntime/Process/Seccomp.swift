import Linux
import OCI
import SystemPackage

extension SeccompFilter {
    /// Compiles the filter of a specification.
    init(_ seccomp: RuntimeSpecification.Seccomp) throws(RuntimeError) {
        let unknown = seccomp.defaultErrnoRet ?? 1
        let standard = Action(seccomp.defaultAction, errno: unknown)
        let rules = (seccomp.syscalls ?? []).flatMap { rule in
            let action = Action(rule.action, errno: rule.errnoRet ?? 1)
            return Self.alternatives(rule.args ?? []).flatMap { conditions in
                rule.names.map { Rule($0, action, when: conditions) }
            }
        }
        let architectures = seccomp.architectures ?? []
        self = try RuntimeError.during(
            .seccomp,
            SeccompFilter(default: standard, architectures: architectures, rules: rules)
        )
    }

    /// Returns alternatives of conditions that must all hold.
    ///
    /// As in runc, for which profiles are written: conditions on different arguments are combined
    /// with AND, several conditions on one argument with OR.
    private static func alternatives(
        _ conditions: [RuntimeSpecification.Seccomp.Condition]
    ) -> [[Condition]] {
        let translated = conditions.map(Condition.init)
        let isRepeated = Set(conditions.map(\.index)).count < conditions.count
        return isRepeated ? translated.map { [$0] } : [translated]
    }
}

extension SeccompFilter.Action {
    fileprivate init(_ action: RuntimeSpecification.Seccomp.Action, errno: UInt32) {
        self =
            switch action {
            case .kill, .killThread: .killThread
            case .killProcess: .killProcess
            case .trap: .trap
            case .errno: .fail(Errno(rawValue: CInt(truncatingIfNeeded: errno)))
            case .trace: .trace(UInt16(truncatingIfNeeded: errno))
            case .allow: .allow
            case .log: .log
            }
    }
}

extension SeccompFilter.Condition {
    fileprivate init(_ condition: RuntimeSpecification.Seccomp.Condition) {
        let comparison: SeccompFilter.Comparison =
            switch condition.op {
            case .notEqual: .notEqual(condition.value)
            case .less: .less(condition.value)
            case .lessOrEqual: .lessOrEqual(condition.value)
            case .equal: .equal(condition.value)
            case .greaterOrEqual: .greaterOrEqual(condition.value)
            case .greater: .greater(condition.value)
            case .maskedEqual: .masked(condition.value, equals: condition.valueTwo ?? 0)
            }
        self.init(argument: condition.index, comparison)
    }
}
