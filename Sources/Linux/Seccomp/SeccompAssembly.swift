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

    init(default action: SeccompFilter.Action) { standard = action }

    /// libseccomp's token for x32, whose calls have the numbers of x86-64 with `x32Bit` set.
    private static let x32: UInt32 = 0x4000_003E
    private static let wide: UInt32 = 0xC000_003E
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
        let number = isX32 ? number | Self.x32Bit : number
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
        var ranges = [Range(first: 0, outcome: Outcome(otherwise: standard))]
        func append(_ first: UInt32, _ outcome: Outcome) {
            if ranges.last?.outcome == outcome { return }
            if ranges.last?.first == first { ranges.removeLast() }
            if ranges.last?.outcome == outcome { return }
            ranges.append(Range(first: first, outcome: outcome))
        }
        let refusesX32 = architecture == Self.wide && !hasX32
        for (number, outcome) in numbers.sorted(by: { $0.key < $1.key }) {
            append(number, outcome)
            append(number + 1, Outcome(otherwise: standard))
        }
        if refusesX32 { append(Self.x32Bit, Outcome(otherwise: .killProcess)) }
        // The number that a tracer sets to skip a call.
        append(.max, Outcome(otherwise: standard))
        return ranges
    }
}

extension SeccompFilter.Action {
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
