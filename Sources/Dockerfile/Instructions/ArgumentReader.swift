/// Parses the arguments of a statement.
struct ArgumentReader {
    let statement: Statement
    let flags: [Flag]
    let escape: Unicode.Scalar

    var position: SourcePosition { statement.position }
    var rest: ArraySlice<Unicode.Scalar> { statement.arguments }

    func content(
        of keyword: Instruction.Keyword
    ) throws(DockerfileError) -> Instruction.Content {
        switch keyword {
        case .add: .add(try transfer("ADD"))
        case .arg: .arg(try declarations())
        case .cmd: .cmd(try command("CMD"))
        case .copy: .copy(try transfer("COPY"))
        case .entrypoint: .entrypoint(try command("ENTRYPOINT"))
        case .env: .env(try pairs("ENV"))
        case .expose: .expose(try nonEmpty(words, "EXPOSE"))
        case .from: .from(try base())
        case .healthcheck: .healthcheck(try healthCheck())
        case .label: .label(try pairs("LABEL"))
        case .maintainer: .maintainer(try single("MAINTAINER"))
        case .onbuild: .onbuild(try trigger())
        case .run: .run(try run())
        case .shell: .shell(try shell())
        case .stopsignal: .stopsignal(try single("STOPSIGNAL"))
        case .user: .user(try single("USER"))
        case .volume: .volume(try volumes())
        case .workdir: .workdir(try single("WORKDIR"))
        }
    }

    /// The arguments split at white space, regardless of quotes.
    var words: [String] { rest.split(whereSeparator: \.isBlank).map(\.string) }

    func nonEmpty(
        _ list: [String],
        _ instruction: String
    ) throws(DockerfileError) -> [String] {
        guard !list.isEmpty else {
            throw missing(instruction, "at least one argument")
        }
        return list
    }

    func single(_ instruction: String) throws(DockerfileError) -> String {
        guard !rest.isEmpty else { throw missing(instruction, "exactly one argument") }
        return rest.string
    }

    func missing(_ instruction: String, _ needed: String) -> DockerfileError {
        DockerfileError(
            .missingArguments(instruction: instruction, needed: needed),
            at: position
        )
    }

    /// The strings of a JSON array; nil if the arguments are not one.
    func list(_ instruction: String) throws(DockerfileError) -> [String]? {
        guard rest.first == "[" else { return nil }
        var json = JSONReader(rest)
        guard let elements = json.list() else { return nil }
        let strings = elements.compactMap(\.self)
        guard strings.count == elements.count else {
            throw DockerfileError(.notStrings(instruction: instruction), at: position)
        }
        guard !strings.contains(where: { $0.utf8.contains(0) }) else {
            throw DockerfileError(.nullCharacter("the JSON array"), at: position)
        }
        return strings
    }

    func command(_ instruction: String) throws(DockerfileError) -> CommandForm {
        if let list = try list(instruction) { return .exec(list) }
        return .shell(rest.string)
    }
}
