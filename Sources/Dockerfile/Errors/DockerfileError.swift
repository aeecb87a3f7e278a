/// An error in a Dockerfile or a `.dockerignore` file, with its position and a remedy.
public struct DockerfileError: Error, Equatable, Sendable {
    /// The kinds of errors.
    public enum Problem: Sendable, Equatable {
        case emptyFile
        case noStage
        case instructionBeforeStage(String)
        case unknownInstruction(String, suggestion: String?)
        case missingArguments(instruction: String, needed: String)
        case excessArguments(instruction: String, needed: String)
        case emptyName(instruction: String)
        case noEqualsSign(instruction: String, word: String)
        case unknownFlag(String, instruction: String, suggestion: String?)
        case flagWithoutValue(String)
        case repeatedFlag(String)
        case badFlagValue(flag: String, value: String, needed: String)
        case unknownMountKey(String, suggestion: String?)
        case badMount(String)
        case notJSON(instruction: String)
        case notStrings(instruction: String)
        case badDirective(name: String, value: String, needed: String)
        case repeatedDirective(String)
        case unterminatedHeredoc(String)
        case misplacedHeredoc(String)
        case triggerNotAllowed(String)
        case badHealthCheck(String)
        case badPort(String)
        case badSignal(String)
        case badStageName(String)
        case emptyBaseName(String)
        case badSubstitution(String, reason: String)
        case requiredVariable(name: String, message: String)
        case badIgnorePattern(String)
        case unknownStage(String, known: [String])
        case laterStage(String)
        case circularStages([String])
        case lint([LintFinding])
        case tooLarge(String)
        case nullCharacter(String)
        case badHeredocName(String)
    }

    /// The size in bytes beyond which Dockerfiles and ignore files are rejected.
    public static let sizeLimit = 16 << 20

    public var problem: Problem
    public var position: SourcePosition

    public init(_ problem: Problem, at position: SourcePosition) {
        self.problem = problem
        self.position = position
    }
}

extension DockerfileError: CustomStringConvertible {
    /// The position, the problem and its remedy.
    public var description: String { "\(position): \(problem.text)" }
}
