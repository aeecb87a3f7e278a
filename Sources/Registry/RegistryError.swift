public import ImageStore
public import OCI

/// An error in communication with a registry.
public struct RegistryError: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        /// The host name cannot be resolved.
        case unknownHost(String)
        /// The connection failed repeatedly.
        case unreachable(String)
        /// The registry requires authentication; `hasCredentials` is true if credentials were sent.
        case unauthorized(hasCredentials: Bool)
        /// The access is forbidden.
        case denied(String)
        case notFound
        /// The rate limit is exceeded.
        case rateLimited(String)
        /// A response with an unexpected status.
        case unexpected(status: Int, String)
        /// A response that violates the protocol or our limits.
        case hostile(String)
        /// The image is not available for the platform, but for others.
        case platform(Platform, available: [Platform])
        /// An unusable credential helper or file.
        case credentials(String)
        /// An unusable certificate or key in certs.d.
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
            "\(subject): cannot reach the registry: \(reason); check the name, the network "
                + "and HTTPS_PROXY"
        case .unknownHost(let host):
            "\(subject): cannot resolve registry host '\(host)'; check the image name, the "
                + "network and /etc/resolv.conf"
        case .unauthorized(true):
            "\(subject): the registry rejected the credentials in ~/.docker/config.json; "
                + "log in again with 'docker login' or 'skopeo login'"
        case .unauthorized(false):
            "\(subject): the registry requires authentication; log in with 'docker login' or "
                + "'skopeo login --authfile ~/.docker/config.json', and check the image name"
        case .denied(let reason):
            "\(subject): access denied by the registry: \(reason)"
        case .notFound:
            "\(subject): not found in the registry; check the name and tag"
        case .rateLimited(let reason):
            "\(subject): rate limit of the registry exceeded: \(reason); wait, or log in"
        case .unexpected(let status, let text):
            "\(subject): the registry returned status \(status)\(text.isEmpty ? "" : ": " + text)"
        case .hostile(let fault):
            "\(subject): invalid response of the registry: \(fault)"
        case .platform(let wanted, let available):
            "\(subject): not available for \(wanted); available platforms: "
                + (available.isEmpty
                    ? "none" : available.map(\.description).joined(separator: ", "))
        case .credentials(let fault): "\(subject): cannot read credentials: \(fault)"
        case .certificate(let fault): "\(subject): \(fault)"
        case .store(let error): "\(error)"
        case .document(let error): "\(subject): \(error)"
        case .cancelled: "\(subject): cancelled"
        }
    }
}
