import Notation

extension DockerfileError.Problem {
    /// The problem and its remedy, without the position.
    public var text: String {
        switch self {
        case .emptyFile:
            "the Dockerfile is empty; it needs at least one FROM"
        case .noStage:
            "no build stage in the file; add a FROM instruction"
        case .instructionBeforeStage(let name):
            "no build stage in current context: only ARG is allowed before the first FROM, "
                + "found \(name)"
        case .missingArguments(let instruction, let needed):
            "\(instruction) requires \(needed)"
        case .excessArguments(let instruction, let needed):
            "\(instruction) takes \(needed); remove the other arguments"
        case .emptyName(let instruction):
            "\(instruction) names can not be blank; write NAME=VALUE"
        case .noEqualsSign(let instruction, let word):
            "\(instruction): can't find = in '\(word)'; write NAME=VALUE"
        case .notJSON(let instruction):
            "\(instruction) requires the arguments to be in JSON form, "
                + "such as \(instruction) [\"/bin/sh\", \"-c\"]"
        case .notStrings(let instruction):
            "\(instruction): the JSON array must contain only strings; put each in quotes"
        case .unterminatedHeredoc(let name):
            "unterminated heredoc '\(name)'; end it with a line that contains only \(name)"
        case .misplacedHeredoc(let name):
            "the heredoc '\(name)' cannot be the destination; add a path as last argument"
        case .triggerNotAllowed(let name):
            "\(name) isn't allowed as an ONBUILD trigger; remove it"
        case .badHealthCheck(let what):
            "HEALTHCHECK \(what)"
        case .badPort(let text):
            "invalid port '\(text)': write PORT, FIRST-LAST, or either with /tcp, /udp or /sctp"
        case .badSignal(let text):
            "invalid signal '\(text)': write a name such as SIGTERM or a number from 1 to 64"
        case .badIgnorePattern(let text):
            "invalid pattern '\(text)'; close brackets and write a path after !"
        case .nullCharacter(let what):
            "\(what) contains a NUL character; remove it"
        case .badHeredocName(let name):
            "the heredoc '\(name)' cannot be a file name; use a name without '/'"
        case .tooLarge(let what):
            "\(what)"
        default:
            flagText ?? stageText
        }
    }

    private var flagText: String? {
        switch self {
        case .unknownInstruction(let name, let suggestion):
            "unknown instruction: \(name)" + Spelling.hint(suggestion)
        case .unknownFlag(let flag, let instruction, let suggestion):
            "unknown flag of \(instruction): --\(flag)"
                + Spelling.hint(suggestion.map { "--\($0)" })
        case .flagWithoutValue(let flag):
            "missing a value on flag --\(flag); write --\(flag)=VALUE"
        case .repeatedFlag(let flag):
            "duplicate flag specified: --\(flag); keep one"
        case .badFlagValue(let flag, let value, let needed):
            "invalid \(flag) '\(value)': expected \(needed)"
        case .unknownMountKey(let key, let suggestion):
            "unexpected key '\(key)' in --mount" + Spelling.hint(suggestion)
        case .badMount(let what):
            "--mount: \(what)"
        case .badDirective(let name, let value, let needed):
            "directive \(name)=\(value) is invalid: expected \(needed)"
        case .repeatedDirective(let name):
            "only one \(name) parser directive can be used; remove one"
        default: nil
        }
    }

    private var stageText: String {
        switch self {
        case .badStageName(let name):
            "invalid name for build stage: '\(name)'; use letters, digits, '-', '_' and '.', "
                + "starting with a letter"
        case .emptyBaseName(let text):
            "base name (\(text)) should not be blank; give the ARG a default or a --build-arg"
        case .badSubstitution(let text, let reason):
            "failed to process '\(text)': \(reason)"
        case .requiredVariable(let name, let message):
            "\(name): \(message)"
        case .unknownStage(let name, let known):
            "target stage \"\(name)\" could not be found; "
                + (known.isEmpty
                    ? "no stage has a name" : "the stages are \(known.joined(separator: ", "))")
        case .laterStage(let name):
            "invalid stage '\(name)': a stage can only use earlier stages"
        case .circularStages(let names):
            "circular dependency detected on stages: \(names.joined(separator: " → "))"
        case .lint(let findings):
            "lint violation found for rules: "
                + findings.map { "\($0)" }.joined(separator: "; ")
        default: "\(self)"
        }
    }
}
