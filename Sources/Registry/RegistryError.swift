public import ImageStore
public import OCI

/// What went wrong between us and a registry, and how to mend it.
public struct RegistryError: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        /// Nothing here knows the address of this host.
        case unknownHost(String)
        /// No connection, or one that broke more often than it is worth trying.
        case unreachable(String)
        /// The registry wants to know who asks; `hasCredentials` says whether we have told it.
        case unauthorized(hasCredentials: Bool)
        /// We are known, but may not.
        case denied(String)
        case notFound
        /// Too many requests, too often.
        case rateLimited(String)
        /// An answer that the protocol does not foresee here.
        case unexpected(status: Int, String)
        /// An answer that breaks the protocol or our limits.
        case hostile(String)
        /// The image does not exist for the platform, but for these.
        case platform(Platform, available: [Platform])
        /// A credential helper or file that cannot be used.
        case credentials(String)
        /// A certificate or key below certs.d that cannot be used.
        case certificate(String)
        case store(ImageStoreError)
        case document(OCIError)
        /// The task was cancelled.
        case cancelled
    }

    public var problem: Problem
    /// The image, or the registry's host.
    public var subject: String

    public init(_ problem: Problem, in subject: String) {
        self.problem = problem
        self.subject = subject
    }
}

extension RegistryError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .unreachable(let reason):
            "\(subject): the registry cannot be reached: \(reason); check the name, the network "
                + "and HTTPS_PROXY"
        case .unknownHost(let host):
            "\(subject): no address is known for the registry \(host); check the image's name, the "
                + "network and /etc/resolv.conf"
        case .unauthorized(true):
            "\(subject): the registry does not accept the credentials in ~/.docker/config.json; "
                + "log in again with 'docker login' or 'skopeo login'"
        case .unauthorized(false):
            "\(subject): the registry asks who you are; log in with 'docker login' or "
                + "'skopeo login --authfile ~/.docker/config.json', and check the image's name"
        case .denied(let reason):
            "\(subject): the registry denies it: \(reason)"
        case .notFound:
            "\(subject): the registry has no such image; check its name and tag"
        case .rateLimited(let reason):
            "\(subject): the registry has had too many requests: \(reason); wait, or log in"
        case .unexpected(let status, let text):
            "\(subject): the registry answered with status \(status)\(text.isEmpty ? "" : ": " + text)"
        case .hostile(let fault):
            "\(subject): the registry's answer is refused: \(fault)"
        case .platform(let wanted, let available):
            "\(subject): is not made for \(wanted); there are: "
                + (available.isEmpty
                    ? "none" : available.map(\.description).joined(separator: ", "))
        case .credentials(let fault): "\(subject): no credentials: \(fault)"
        case .certificate(let fault): "\(subject): \(fault)"
        case .store(let error): "\(error)"
        case .document(let error): "\(subject): \(error)"
        case .cancelled: "\(subject): cancelled"
        }
    }
}
