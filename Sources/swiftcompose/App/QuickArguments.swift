/// The common arguments of `exec`, parsed by hand; all others are left to ArgumentParser.
///
/// Declared options cost four milliseconds per invocation, since each searches all conformances of
/// the program; a command inside a container takes two.
struct QuickArguments: Equatable {
    private(set) var global = GlobalSettings()
    private(set) var exec = ExecInvocation()
    private var rest: ArraySlice<String>

    /// Nil for other commands, and for arguments that ArgumentParser might interpret differently:
    /// help, a value that begins with a dash, combined short flags.
    init?(exec arguments: [String]) {
        rest = arguments[...]
        while let argument = rest.first, argument.hasPrefix("-") {
            guard takeGlobal() else { return nil }
        }
        guard rest.popFirst() == ExecInvocation.commandName else { return nil }
        while let argument = rest.first, argument.hasPrefix("-") {
            guard takeOption() else { return nil }
        }
        guard let service = rest.popFirst(), let program = rest.first, !program.hasPrefix("-")
        else { return nil }
        (exec.service, exec.command) = (service, Array(rest))
        // ArgumentParser interprets these even behind the command.
        let isHelp = rest.contains { $0 == "--help" || $0 == "-h" || $0 == "-help" }
        if isHelp || rest.contains("--") { return nil }
    }

    private mutating func takeGlobal() -> Bool {
        if let file = value("-f", "--file") {
            global.files.append(file)
        } else if let name = value("-p", "--project-name") {
            global.projectName = name
        } else if let directory = value(nil, "--project-directory") {
            global.projectDirectory = directory
        } else if let file = value(nil, "--env-file") {
            global.envFiles.append(file)
        } else if let profile = value(nil, "--profile") {
            global.profiles.append(profile)
        } else {
            return false
        }
        return true
    }

    private mutating func takeOption() -> Bool {
        switch rest.first {
        case "-T", "--no-tty", "--no-TTY": exec.noTTY = true
        case "-d", "--detach": exec.detach = true
        case "--privileged": exec.privileged = true
        case "-i", "--interactive", "-t", "--tty": break
        default: return takeOptionWithValue()
        }
        rest.removeFirst()
        return true
    }

    private mutating func takeOptionWithValue() -> Bool {
        if let user = value("-u", "--user") {
            exec.user = user
        } else if let directory = value("-w", "--workdir") {
            exec.workingDirectory = directory
        } else if let entry = value("-e", "--env") {
            exec.environment.append(entry)
        } else if let index = value(nil, "--index").flatMap({ Int($0) }) {
            exec.index = index
        } else {
            return false
        }
        return true
    }

    /// Removes the next option and returns its value if it has one of these names.
    private mutating func value(_ short: String?, _ long: String) -> String? {
        guard let first = rest.first else { return nil }
        if first == short || first == long {
            let value = rest.dropFirst().first
            guard let value, !value.isEmpty, !value.hasPrefix("-") else { return nil }
            rest.removeFirst(2)
            return value
        }
        guard first.hasPrefix("\(long)="), first.count > long.count + 1 else { return nil }
        rest.removeFirst()
        return String(first.dropFirst(long.count + 1))
    }
}
