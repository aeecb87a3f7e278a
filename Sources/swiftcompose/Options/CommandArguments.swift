import Notation

/// A command and its arguments, normalized for ArgumentParser from what docker compose's parser also
/// accepts: `--build=false`, `-T=false`, `-fn5`, `-t -1`, and `--dry-run` behind the command.
///
/// Source: github.com/spf13/pflag.
struct CommandArguments {
    /// The command and its arguments in the form that ArgumentParser accepts.
    private(set) var normalized: [String]
    /// Whether `--dry-run` was among the flags.
    private(set) var isDryRun = false
    private var rest: ArraySlice<String>

    init(_ arguments: [String]) {
        normalized = Array(arguments.prefix(1))
        rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            if argument.hasPrefix("--"), argument != "--" {
                takeLong(argument)
            } else if argument.hasPrefix("-"), argument != "--", argument != "-" {
                takeShort(argument)
            } else {
                normalized.append(argument)
                // The remaining arguments are not flags of the command.
                if argument == "--" || isPassthrough { break }
            }
        }
        normalized += rest
    }

    private var command: String { normalized.first ?? "" }

    /// Whether the arguments after the first operand belong to another program.
    private var isPassthrough: Bool { ["debug", "exec", "run"].contains(command) }

    private mutating func takeLong(_ argument: String) {
        let (name, value) = argument.dropFirst(2).nameAndValue
        if name == "dry-run" {
            isDryRun = value?.lowercased() != "false"
        } else if let value {
            take(name: name, value, argument)
        } else if isPassthrough, Self.valuedLong.contains(name) {
            normalized.append(argument)
            if let next = rest.popFirst() { normalized.append(next) }
        } else if name == "explain", rest.first?.hasPrefix("-") ?? true {
            // Its value is optional.
            normalized.append("--explain=")
        } else if let next = rest.first, Int(next).map({ $0 < 0 }) ?? false {
            // A number that looks like a flag.
            normalized.append("\(argument)=\(next)")
            rest.removeFirst()
        } else {
            normalized.append(argument)
        }
    }

    private mutating func take(name: String, _ value: String, _ argument: String) {
        switch value.lowercased() {
        case "auto" where name == "build": normalized.append("--build-auto")
        case _ where Self.truthValued.contains(name): normalized.append(argument)
        case "true": normalized.append("--\(name)")
        case "false": if Self.onByDefault.contains(name) { normalized.append("--no-\(name)") }
        default: normalized.append(argument)
        }
    }

    /// Handles one or more short flags, the last of which may have a value.
    private mutating func takeShort(_ argument: String) {
        var letters = argument.dropFirst()
        guard !Self.groups.contains(command) else { return normalized.append(argument) }
        while let letter = letters.popFirst() {
            let isJoined = letters.first == "="
            let value = isJoined ? letters.dropFirst() : letters
            if Self.valued[command]?.contains(letter) ?? false {
                let next = isJoined || !value.isEmpty ? String(value) : rest.popFirst()
                return normalized.append(next.map { "-\(letter)=\($0)" } ?? "-\(letter)")
            }
            guard isJoined else {
                normalized.append("-\(letter)")
                continue
            }
            if let name = Self.onByDefaultByLetter[command]?[letter] {
                return take(name: name, String(value), "-\(letter)=\(value)")
            }
            switch value.lowercased() {
            case "true": normalized.append("-\(letter)")
            case "false": break
            default: normalized.append("-\(letter)=\(value)")
            }
            return
        }
    }
}

extension CommandArguments {
    /// Commands whose arguments begin with another command.
    private static let groups: Set<String> = ["image", "network", "system", "volume"]
    /// The short options of each command that have a value.
    static let valued: [String: Set<Character>] = [
        "build": ["m"], "commit": ["a", "c", "m"], "config": ["o"], "down": ["t"],
        "exec": ["e", "u", "w"], "export": ["o"], "graph": ["o"], "kill": ["s"], "logs": ["n"],
        "restart": ["t"],
        "run": ["e", "l", "p", "u", "v", "w"], "stop": ["t"], "up": ["t"], "version": ["f"],
    ]
    /// Flags that are on by default.
    private static let onByDefault: Set<String> = [
        "interactive", "menu", "orphans", "pause", "prune", "sig-proxy", "tty",
    ]
    private static let onByDefaultByLetter: [String: [Character: String]] = [
        "commit": ["p": "pause"], "exec": ["i": "interactive", "t": "tty"],
        "run": ["i": "interactive", "t": "tty"],
    ]
    /// Options whose values may be `true` and `false`.
    private static let truthValued: Set<String> = ["provenance", "sbom"]
    /// Options of `run` and `exec` whose value is the next argument.
    private static let valuedLong: Set<String> = [
        "env", "env-from-file", "entrypoint", "cap-add", "cap-drop", "label", "labels", "name",
        "image", "publish", "pull", "user", "volume", "volumes", "workdir", "index",
    ]
}
