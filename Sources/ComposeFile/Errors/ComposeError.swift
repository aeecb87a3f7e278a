public import YAML

/// A fault in a Compose file, told so that its author can mend it.
public struct ComposeError: Error, Sendable, Equatable {
    /// What is wrong; a `path` names the attribute, as `services.web.ports[0]`.
    public enum Problem: Sendable, Equatable {
        // What a value may be.
        case unknownKey(String, path: String, known: [String])
        case expected(String, found: String, path: String)
        case missingKey(String, path: String)
        case invalidName(String, path: String)
        case notOneOf([String], found: String, path: String)
        case outOfRange(String, found: String, path: String)
        case repeated(String, path: String)
        case invalid(String, found: String, reason: String, path: String)

        // What does not go together.
        case exclusive([String], path: String)
        case sourceMissing([String], path: String)
        case externalWith(String, path: String)
        case nothingToRun(service: String)
        case undefined(Reference, String, neededBy: String)
        case inactive(service: String, neededBy: String)
        case notBuildable(service: String, neededBy: String)
        case platformNotBuilt(String, service: String)
        case different(String, String, service: String)
        case containerNameTaken(String, services: [String])
        case containerNameWithReplicas(String, replicas: Int, service: String)
        case mountedTwice(String, service: String, first: SourceLocation?)
        case missingWatchTarget(action: String, service: String)
        case dependencyCycle([String])
        case noSuchService(String, known: [String])

        // Finding, reading and putting together files.
        case loading(LoadingProblem)
    }

    /// What a name refers to.
    public enum Reference: String, Sendable, Equatable {
        case service
        case network
        case volume
        case config
        case secret
        case buildSecret = "build secret"
        case model
    }

    /// What is wrong.
    public var problem: Problem
    /// Where it was written.
    public var location: SourceLocation

    /// A fault at a place.
    public init(_ problem: Problem, at location: SourceLocation) {
        self.problem = problem
        self.location = location
    }
}

extension ComposeError: CustomStringConvertible {
    public var description: String { "\(location): \(problem)" }
}
