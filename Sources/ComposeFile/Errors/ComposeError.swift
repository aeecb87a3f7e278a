public import YAML

/// An error in a Compose file, with its location and a suggested fix.
public struct ComposeError: Error, Sendable, Equatable {
    /// The kind of error with its facts; a `path` names the attribute, as in `services.web.ports[0]`.
    public enum Problem: Sendable, Equatable {
        // Invalid values.
        case unknownKey(String, path: String, known: [String])
        case expected(String, found: String, path: String)
        case missingKey(String, path: String)
        case invalidName(String, path: String)
        case notOneOf([String], found: String, path: String)
        case outOfRange(String, found: String, path: String)
        case repeated(String, path: String)
        case invalid(String, found: String, reason: String, path: String)

        // Contradictions and missing references.
        case exclusive([String], path: String)
        case sourceMissing([String], path: String)
        case externalWith(String, path: String)
        case nothingToRun(service: String)
        case undefined(Reference, String, neededBy: String, known: [String])
        case inactive(service: String, profiles: [String], neededBy: String)
        case notBuildable(service: String, neededBy: String)
        case platformNotBuilt(String, service: String)
        case different(String, String, service: String)
        case containerNameTaken(String, services: [String])
        case containerNameWithReplicas(String, replicas: Int, service: String)
        case mountedTwice(String, service: String, first: SourceLocation?)
        case missingWatchTarget(action: String, service: String)
        case dependencyCycle([String])
        case noSuchService(String, known: [String])

        // Finding, reading and merging files.
        case loading(LoadingProblem)
    }

    /// The kind of object that a name refers to.
    public enum Reference: String, Sendable, Equatable {
        case service
        case network
        case volume
        case config
        case secret
        case buildSecret = "build secret"
        case model
    }

    public var problem: Problem
    public var location: SourceLocation

    /// Creates an error at a location.
    public init(_ problem: Problem, at location: SourceLocation) {
        self.problem = problem
        self.location = location
    }
}

extension ComposeError: CustomStringConvertible {
    public var description: String { "\(location): \(problem)" }
}
