import Linux
import SystemPackage
import Testing

/// A command of the program that is killed in the middle, by the tool `cut` beside the tests.
struct Cut: Sendable {
    /// The processes that are killed.
    enum Victim: Sendable {
        case command
        /// The supervisor that the command starts or connects to.
        case supervisor
        /// The command with all its processes, as when the machine stops.
        case everything

        fileprivate var options: [String] {
            switch self {
            case .command: []
            case .supervisor: ["-m", "supervise"]
            case .everything: ["-a"]
            }
        }
    }

    /// The outcome of the command.
    struct Report: CustomTestStringConvertible {
        var changes: Int
        /// The call before which the processes were killed; nil if the command made fewer changes.
        var place: String?
        var testDescription: String { "change \(changes): \(place ?? "none")" }
    }

    let machine: Machine
    let arguments: [String]
    var victim = Victim.command

    /// Runs the command and kills it before its change number `number`; 0 only counts.
    func make(at number: Int) throws -> Report {
        let tool = try Machine.builtProgram().removingLastComponent().appending("cut")
        let file = machine.root.appending("cut.report")
        let command = [tool.string, "\(number)"] + victim.options + ["-o", file.string]
        _ = try Program(
            command + [machine.program.string] + arguments,
            environment: ["SWIFTCOMPOSE_ROOT": machine.root.string],
            limit: .seconds(120)
        ).outcome()
        let words = try FileSystem.readText(file).split(separator: "\n")[0]
            .split(separator: " ", maxSplits: 1)
        try FileSystem.removeFile(file)
        let place = words.count > 1 && words[1] != "-" ? String(words[1]) : nil
        return Report(changes: try #require(Int(words[0])), place: place)
    }

    /// The cuts to try: `some` of `count`, evenly spread, or all with `SWIFTCOMPOSE_TEST_CUTS=all`.
    static func places(upTo count: Int, some: Int) -> [Int] {
        let all = ProcessEnvironment.variables["SWIFTCOMPOSE_TEST_CUTS"] == "all"
        let step = all ? 1 : max(1, count / some)
        return Array(stride(from: 1 + step / 2, through: count, by: step))
    }
}
