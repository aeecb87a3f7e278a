public import ComposeFile

/// A container as a client of the Engine API asks for it, in place of a service of a Compose file.
public struct RequestedContainer: Sendable {
    /// The project of containers without the labels of docker compose. No Compose file can have
    /// this name.
    public static let hiddenProject = "_docker"

    /// Its attributes; the name of the service is that in the labels of docker compose, or else the
    /// container's name.
    public var service: Service
    public var project = RequestedContainer.hiddenProject
    /// The replica, from 1; 0 if it is none.
    public var number = 0
    public var isOneOff = false
    /// The labels, which replace the image's of the same names.
    public var labels: [String: String] = [:]
    public var network = NetworkUse.none
    /// It is removed with its anonymous volumes when it exits.
    public var removesItself = false
    /// Its input ends with that of the first attached client.
    public var endsInputWithClient = false
    /// The document that describes it to other clients, kept unchanged beside its record.
    public var document: [UInt8]

    public init(_ service: Service, document: [UInt8]) {
        self.service = service
        self.document = document
    }

    /// The use of networks, where the container is found by its short id too.
    func network(id: String) -> NetworkUse {
        guard case .attached(var attachments) = network else { return network }
        for index in attachments.indices {
            attachments[index].aliases.append(String(id.prefix(12)))
        }
        return .attached(attachments)
    }
}
