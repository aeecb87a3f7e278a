/// Flags with a value, as `--build=false`, which docker compose takes and ArgumentParser does not.
enum BooleanArgument {
    /// Flags that are on unless they are denied.
    private static let usuallyOn: Set<String> = [
        "interactive", "menu", "orphans", "pause", "prune", "sig-proxy", "tty",
    ]
    /// Options to which a truth value is a value like any other.
    private static let options: Set<String> = ["--provenance", "--sbom"]
    /// Options of `run` and `exec` that take the next argument.
    private static let taking: Set<String> = [
        "-e", "--env", "--env-from-file", "--entrypoint", "--cap-add", "--cap-drop", "-l",
        "--label", "--labels", "--name", "-p", "--publish", "--pull", "-u", "--user", "-v",
        "--volume", "--volumes", "-w", "--workdir", "--index",
    ]

    /// The command's arguments with such flags said in our way.
    static func normalised(_ command: [String]) -> [String] {
        let end = end(of: command)
        return command[..<end].flatMap(said) + command[end...]
    }

    /// Where the flags end: at `--`, or where another program's arguments begin.
    static func end(of command: [String]) -> Int {
        let terminator = command.firstIndex(of: "--") ?? command.endIndex
        guard ["exec", "run"].contains(command.first) else { return terminator }
        var index = 1
        while index < terminator, command[index].hasPrefix("-") {
            index += taking.contains(command[index]) ? 2 : 1
        }
        return min(index, terminator)
    }

    private static func said(_ argument: String) -> [String] {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0].hasPrefix("--"), !options.contains(parts[0]) else {
            return [argument]
        }
        let name = parts[0].dropFirst(2)
        return switch parts[1].lowercased() {
        case "true": [parts[0]]
        case "false": usuallyOn.contains(String(name)) ? ["--no-\(name)"] : []
        default: [argument]
        }
    }
}
