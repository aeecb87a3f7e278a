extension ArgumentReader {
    func run() throws(DockerfileError) -> CommandForm {
        let form = try command("RUN")
        if form == .shell("") || form == .exec([]) {
            throw missing("RUN", "at least one argument")
        }
        for flag in flags {
            switch flag.name {
            case "mount":
                _ = try MountOptions(parsing: flag.value, at: flag.position) {
                    text throws(DockerfileError) in text.contains("$") ? nil : text
                }
            case "network" where !["default", "none", "host"].contains(flag.value):
                throw bad(flag, "default, none or host")
            case "security" where !["sandbox", "insecure"].contains(flag.value):
                throw bad(flag, "sandbox or insecure")
            default: break
            }
        }
        return form
    }

    private func bad(_ flag: Flag, _ needed: String) -> DockerfileError {
        DockerfileError(
            .badFlagValue(flag: "\(flag.name) mode", value: flag.value, needed: needed),
            at: flag.position
        )
    }

    func transfer(_ instruction: String) throws(DockerfileError) -> Transfer {
        let arguments = try list(instruction) ?? words
        guard arguments.count > 1, let destination = arguments.last else {
            let needed = "at least two arguments: sources and a destination"
            throw missing(instruction, needed)
        }
        if let flag = flags.first(where: { $0.name == "chmod" }), !flag.value.contains("$") {
            _ = try ModeChange(parsing: flag.value, at: flag.position)
        }
        if let heredoc = Heredoc(word: destination.scalarSlice, escape: escape) {
            throw DockerfileError(.misplacedHeredoc(heredoc.name), at: position)
        }
        var transfer = Transfer(sources: [], files: [], destination: destination)
        for source in arguments.dropLast() {
            let name = Heredoc(word: source.scalarSlice, escape: escape)?.name
            if let file = statement.heredocs.first(where: { $0.name == name }) {
                guard !file.name.contains("/"), file.name != ".", file.name != ".." else {
                    throw DockerfileError(.badHeredocName(file.name), at: position)
                }
                transfer.files.append(file)
            } else {
                transfer.sources.append(source)
            }
        }
        return transfer
    }

    func shell() throws(DockerfileError) -> [String] {
        guard !rest.isEmpty else { throw missing("SHELL", "at least one argument") }
        guard let list = try list("SHELL") else {
            throw DockerfileError(.notJSON(instruction: "SHELL"), at: position)
        }
        return try nonEmpty(list, "SHELL")
    }

    func volumes() throws(DockerfileError) -> [String] {
        let paths = try nonEmpty(try list("VOLUME") ?? words, "VOLUME")
        guard paths.allSatisfy({ !$0.scalarsTrimmed.isEmpty }) else {
            throw missing("VOLUME", "paths that are not empty")
        }
        return paths
    }

    func trigger() throws(DockerfileError) -> String {
        let word = rest.prefix { !$0.isBlank }.string.uppercased()
        guard !word.isEmpty else { throw missing("ONBUILD", "an instruction after it") }
        if ["ONBUILD", "MAINTAINER", "FROM"].contains(word) {
            throw DockerfileError(.triggerNotAllowed(word), at: position)
        }
        return rest.string + statement.heredocs.map(\.written).joined()
    }

    func base() throws(DockerfileError) -> StageBase {
        let words = self.words
        let isNamed = words.count == 3 && words[1].lowercased() == "as"
        guard words.count == 1 || isNamed else {
            throw missing("FROM", "either one or three arguments: FROM IMAGE [AS NAME]")
        }
        var base = StageBase(name: words[0])
        guard isNamed else { return base }
        base.writtenAlias = words[2]
        base.alias = words[2].lowercased()
        let keyword = statement.keyword.string
        base.hasMixedCase =
            (keyword == keyword.uppercased()) != (words[1] == words[1].uppercased())
        let letters = Array(words[2].lowercased().unicodeScalars)
        let isGood = letters.allSatisfy { scalar in
            scalar.isASCIILetter || scalar.isASCIIDigit || "-_.".unicodeScalars.contains(scalar)
        }
        guard isGood, let first = letters.first, first.isASCIILetter else {
            throw DockerfileError(.badStageName(words[2]), at: position)
        }
        return base
    }
}
