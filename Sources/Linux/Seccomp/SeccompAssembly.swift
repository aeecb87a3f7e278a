import SystemPackage

/// Compiles rules to a classic BPF program.
///
/// The calls of an architecture become ranges with equal outcomes, and these a balanced tree: about
/// seven comparisons for any call. Source: kernel, `seccomp_filter.rst`.
struct SeccompAssembly {
    /// The outcome for a call, or for all calls in a range.
    struct Outcome: Hashable {
        var conditional: [SeccompFilter.Rule] = []
        var otherwise: SeccompFilter.Action
    }

    /// The calls from this number to the start of the next range.
    struct Range {
        var first: UInt32
        var outcome: Outcome
    }

    private let standard: SeccompFilter.Action
    /// Keyed by audit architecture, which x86-64 and x32 share, then by call number.
    private var calls: [UInt32: [UInt32: Outcome]] = [:]
    private var hasX32 = false
    /// The highest number that a rule names, by audit architecture; x32's own numbers left out.
    private var latest: [UInt32: UInt32] = [:]

    init(default action: SeccompFilter.Action) { standard = action }

    /// libseccomp's token for x32, whose calls have the numbers of x86-64 with `x32Bit` set.
    static let x32: UInt32 = 0x4000_003E
    static let wide: UInt32 = 0xC000_003E
    private static let x32Bit: UInt32 = 0x4000_0000

    /// Permits calls of an architecture.
    mutating func add(architecture token: UInt32) {
        if token == Self.x32 {
            hasX32 = true
        } else if calls[token] == nil {
            calls[token] = [:]
        }
    }

    mutating func add(_ rule: SeccompFilter.Rule, number: UInt32, architecture token: UInt32) {
        let isX32 = token == Self.x32
        let architecture = isX32 ? Self.wide : token
        if !isX32 { latest[architecture] = max(latest[architecture] ?? 0, number) }
        let number = isX32 ? number | Self.x32Bit : number
        if rule.action == standard { return }
        var outcome = calls[architecture]?[number] ?? Outcome(otherwise: standard)
        if rule.conditions.isEmpty {
            outcome = Outcome(otherwise: rule.action)
        } else if outcome.otherwise == standard {
            outcome.conditional.append(rule)
        }
        calls[architecture, default: [:]][number] = outcome
    }

    /// The complete program: it selects the architecture, then the call.
    func program() -> [UInt8] {
        var code: [BPFInstruction] = [.load(offset: 4)]
        for (architecture, numbers) in calls.sorted(by: { $0.key < $1.key }) {
            let section = SeccompSection(ranges(numbers, architecture)).code
            // Too far for a conditional jump, so it skips an unconditional one.
            code.append(.jumpIfEqual(architecture, then: 1, else: 0))
            code.append(.jump(over: UInt32(section.count)))
            code += section
        }
        // Calls of any other architecture.
        code.append(.answer(SeccompFilter.Action.killProcess.code))
        return code.flatMap(\.bytes)
    }

    private func ranges(_ numbers: [UInt32: Outcome], _ architecture: UInt32) -> [Range] {
        var boundaries: Set<UInt32> = [0, .max]
        for number in numbers.keys { boundaries.formUnion([number, number + 1]) }
        boundaries.formUnion(unknownCalls(architecture).flatMap { [$0.lowerBound, $0.upperBound] })
        if architecture == Self.wide { boundaries.insert(Self.x32Bit) }
        var ranges: [Range] = []
        for first in boundaries.sorted() {
            let outcome =
                numbers[first] ?? Outcome(otherwise: action(forUnlisted: first, architecture))
            if ranges.last?.outcome != outcome {
                ranges.append(Range(first: first, outcome: outcome))
            }
        }
        return ranges
    }

    /// The action for a call that no rule names.
    private func action(
        forUnlisted number: UInt32,
        _ architecture: UInt32
    ) -> SeccompFilter.Action {
        // The number that a tracer sets to skip a call.
        if number == .max { return standard }
        if architecture == Self.wide, !hasX32, number >= Self.x32Bit { return .killProcess }
        let isUnknown = unknownCalls(architecture).contains { $0.contains(number) }
        return isUnknown ? .fail(.noFunction) : standard
    }

    /// The numbers of calls that are newer than the rules.
    ///
    /// They fail as on a kernel without them, so that C libraries use an older call instead: the
    /// effect of runc since 1.0. Rules that permit unnamed calls permit newer ones too.
    private func unknownCalls(_ architecture: UInt32) -> [Swift.Range<UInt32>] {
        guard standard.isRefusal, let latest = latest[architecture] else { return [] }
        guard architecture == Self.wide else { return [(latest + 1)..<(.max)] }
        var unknown = [(latest + 1)..<Self.x32Bit]
        if hasX32 {
            // x32 shares the numbers of x86-64 and has some of its own, which no kernel extends.
            let own = Self.x32Bit | 512
            unknown.append((Self.x32Bit | (latest + 1))..<own)
            unknown.append((Self.x32Bit | 548)..<(.max))
        }
        return unknown
    }
}

extension SeccompFilter.Action {
    /// Whether the call is neither made nor left to a tracer.
    fileprivate var isRefusal: Bool {
        switch self {
        case .allow, .log, .trace: false
        case .trap, .killThread, .killProcess, .fail: true
        }
    }

    /// The return value of the filter.
    var code: UInt32 {
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
