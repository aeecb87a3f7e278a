import Linux
import NIOSSL
import SystemPackage

/// Certificates of registries in docker's layout: `certs.d/HOST[:PORT]/ca.crt`, and `client.cert`
/// with `client.key`.
///
/// Source: Docker, "Verify repository client with certificates".
struct HostCertificates: Sendable {
    let directory: FilePath

    /// Whether there are certificates for this host.
    func exist(for authority: String) -> Bool {
        guard let name = FilePath.Component(authority), name.kind == .regular else { return false }
        return FileSystem.exists(directory.appending(name))
    }

    /// The TLS configuration; nil for the system's default.
    func configuration(for authority: String) throws(RegistryError) -> TLSConfiguration? {
        guard exist(for: authority) else { return nil }
        let directory = directory.appending(authority)
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            configuration.additionalTrustRoots = try files(".crt", in: directory).map { path in
                .certificates(try NIOSSLCertificate.fromPEMFile(path.string))
            }
            if let certificate = try files(".cert", in: directory).first {
                let key = directory.appending((certificate.stem ?? "client") + ".key")
                configuration.certificateChain =
                    try NIOSSLCertificate
                    .fromPEMFile(certificate.string).map { .certificate($0) }
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(file: key.string, format: .pem)
                )
            }
        } catch {
            throw RegistryError(.certificate("\(error)"), in: directory.string)
        }
        return configuration
    }

    private func files(_ suffix: String, in directory: FilePath) throws -> [FilePath] {
        try FileSystem.entries(of: directory).filter { $0.hasSuffix(suffix) }
            .map { directory.appending($0) }
    }
}
