/// A command and its arguments as ArgumentParser takes them; docker compose's parser takes more:
/// `--build=false`, `-T=false`, `-fn5`, `-t -1`, and `--dry-run` behind the command.
///
/// Source: github.com/spf13/pflag.
struct CommandArguments {
    /// The command and its arguments in the form that ArgumentParser accepts.
    private(set) var normalized: [String]
    /// `--dry-run` was among the flags.
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
                // What follows is no flag of ours.
                if argument == "--" || passesOn { break }
            }
        }
        normalized += rest
    }

    private var command: String { normalized.first ?? "" }

    /// Whether another program's arguments follow the first word that is no flag.
    private var passesOn: Bool { ["exec", "run"].contains(command) }

    private mutating func takeLong(_ argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        let (name, value) = (String(parts[0].dropFirst(2)), parts.dropFirst().first)
        if name == "dry-run" {
            isDryRun = value?.lowercased() != "false"
        } else if let value {
            take(name: name, value, argument)
        } else if passesOn, Self.taking.contains(name) {
            normalized.append(argument)
            if let next = rest.popFirst() { normalized.append(next) }
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
        case _ where Self.truths.contains(name): normalized.append(argument)
        case "true": normalized.append("--\(name)")
        case "false": if Self.usuallyOn.contains(name) { normalized.append("--no-\(name)") }
        default: normalized.append(argument)
        }
    }

    /// One or more letters, the last of which may have a value.
    private mutating func takeShort(_ argument: String) {
        var letters = argument.dropFirst()
        guard command != "image" else { return normalized.append(argument) }
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
            if let name = Self.usuallyOnByLetter[command]?[letter] {
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
    /// The letters of each command's options that have a value.
    static let valued: [String: Set<Character>] = [
        "build": ["m"], "commit": ["a", "c", "m"], "config": ["o"], "down": ["t"],
        "exec": ["e", "u", "w"], "export": ["o"], "kill": ["s"], "logs": ["n"], "restart": ["t"],
        "run": ["e", "l", "p", "u", "v", "w"], "stop": ["t"], "up": ["t"], "version": ["f"],
    ]
    /// Flags that are on unless they are denied.
    private static let usuallyOn: Set<String> = [
        "interactive", "menu", "orphans", "pause", "prune", "sig-proxy", "tty",
    ]
    private static let usuallyOnByLetter: [String: [Character: String]] = [
        "commit": ["p": "pause"], "exec": ["i": "interactive", "t": "tty"],
        "run": ["i": "interactive", "t": "tty"],
    ]
    /// Options to which a truth is a value like any other.
    private static let truths: Set<String> = ["provenance", "sbom"]
    /// Options of `run` and `exec` that take the next argument.
    private static let taking: Set<String> = [
        "env", "env-from-file", "entrypoint", "cap-add", "cap-drop", "label", "labels", "name",
        "publish", "pull", "user", "volume", "volumes", "workdir", "index",
    ]
}
