import ContainerNetwork
import ImageStore
import Orchestrator
import Registry

extension EngineError {
    /// The response to an error of an operation.
    init(_ error: any Error) {
        switch error {
        case let error as EngineError: self = error
        case let error as OrchestratorError: self.init(error)
        case let error as SupervisorError:
            let words = Self.words(for: error.exitCode)
            self.init(error.exitCode == nil ? 500 : 400, "\(error)\(words)")
        case let error as ImageStoreError: self.init(error)
        case let error as RegistryError: self.init(Self.status(of: error), "\(error)")
        case let error as NetworkError: self.init(Self.status(of: error), "\(error)")
        case let error as FilesFailure: self.init(Self.status(of: error), error.message)
        case let error as HeadError: self.init(400, "\(error)")
        default: self.init(500, "\(error)")
        }
    }

    /// The words by which docker's client derives its exit status from the message of a start.
    private static func words(for exitCode: Int32?) -> String {
        switch exitCode {
        case 126: ": permission denied"
        case 127: ": no such file or directory"
        default: ""
        }
    }

    private init(_ error: OrchestratorError) {
        switch error {
        case .nameTaken(let name, _, let container):
            self = .conflict(
                "Conflict. The container name \"/\(name)\" is already in use"
                    + (container.map { " by container \"\($0)\"" } ?? "")
                    + ". You have to remove (or rename) that container to be able to reuse that name."
            )
        case .volumeInUse, .volumeExists, .alreadyPaused, .notPaused: self = .conflict("\(error)")
        case .alreadyConnected, .notConnected, .notConnectable: self.init(403, "\(error)")
        case .imageMissing, .noSuchContainer, .noContainerNamed, .noSuchNetwork, .noSuchVolume,
            .externalNetworkMissing, .externalVolumeMissing:
            self = .notFound("\(error)")
        case .invalidValue, .unsupported, .noCommand, .invalidVolumeName, .unsupportedDriver,
            .invalidAddress:
            self = .badRequest("\(error)")
        default: self.init(500, "\(error)")
        }
    }

    private init(_ error: ImageStoreError) {
        switch error.problem {
        case .missingImage: self = .notFound("No such image: \(error.subject)")
        case .ambiguous: self = .badRequest("\(error)")
        case .inUse: self = .conflict("\(error)")
        case .document: self = .badRequest("invalid reference format: \(error)")
        default: self.init(500, "\(error)")
        }
    }

    private static func status(of error: RegistryError) -> Int {
        switch error.problem {
        case .notFound, .unauthorized, .denied, .platform: 404
        default: 500
        }
    }

    private static func status(of error: FilesFailure) -> Int {
        switch error.kind {
        case .notFound: 404
        case .invalid: 400
        case .readOnly: 403
        case .other: 500
        }
    }

    private static func status(of error: NetworkError) -> Int {
        switch error {
        case .noSuchNetwork: 404
        case .exists: 409
        case .inUse, .overlap: 403
        case .invalidName, .invalidOption, .invalidPool, .outsideSubnet: 400
        default: 500
        }
    }
}
