/// The arguments of the program, divided at the command's name.
struct SplitArguments: Equatable {
    /// The global options.
    let global: [String]
    /// The command and its arguments, normalized.
    let command: [String]

    init(_ arguments: [String]) {
        var index = 0
        while index < arguments.count, arguments[index].hasPrefix("-") {
            index += Self.valueOptions.contains(arguments[index]) ? 2 : 1
        }
        index = min(index, arguments.count)
        let rest = CommandArguments(Array(arguments[index...]))
        // The only global option that is accepted behind the command as well.
        global = arguments[..<index] + (rest.isDryRun ? ["--dry-run"] : [])
        command = rest.normalized
    }

    private static let valueOptions: Set<String> = [
        "-f", "--file", "-p", "--project-name", "--project-directory", "--env-file", "--profile",
        "--ansi", "--progress", "--parallel", "--workdir",
    ]
}
