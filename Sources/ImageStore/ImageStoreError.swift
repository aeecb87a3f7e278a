public import Archive
public import Linux
public import OCI

/// An error about an image, a layer or the store.
public struct ImageStoreError: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        /// No image has this name or ID.
        case missingImage(canBootstrap: Bool)
        /// A prefix matches the IDs of several images.
        case ambiguous([Digest])
        /// Referenced content is missing.
        case missingBlob(Digest)
        /// Content does not match its digest.
        case digestMismatch(expected: Digest, actual: Digest)
        /// Content does not have the announced size.
        case sizeMismatch(expected: Int64, actual: Int64)
        /// A digest with an unsupported algorithm.
        case unsupportedAlgorithm(Digest)
        /// A manifest and its configuration with different numbers of layers.
        case layerCount(manifest: Int, configuration: Int)
        /// An archive without images.
        case noImage
        /// A document that exceeds the size limit.
        case tooLong(limit: Int)
        /// The image is used by a container.
        case inUse
        /// A reference that cannot be bootstrapped, and those that can.
        case notBootstrappable(known: [String])
        /// A program that is not installed, and the Debian package that contains it.
        case missingProgram(String, package: String)
        /// A program that failed, with its last lines of output.
        case programFailed(String, status: Int32, lines: [String])
        /// An invalid `--change`.
        case change(String)
        case system(SystemCallError)
        case archive(ArchiveError)
        case document(OCIError)
    }

    public var problem: Problem
    /// The image, layer, archive or file concerned.
    public var subject: String

    public init(_ problem: Problem, in subject: String) {
        self.problem = problem
        self.subject = subject
    }
}

extension ImageStoreError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .missingImage(true):
            "\(subject): no such image; create it from the distribution's packages with "
                + "'swiftcompose image bootstrap \(subject)', or load one with "
                + "'swiftcompose image load'"
        case .missingImage(false):
            "\(subject): no such image; load it with 'swiftcompose image load', pull it, or "
                + "start from 'swiftcompose image bootstrap debian:bookworm-slim'"
        case .ambiguous(let ids):
            "\(subject): matches several image IDs: \(ids.map(\.short).joined(separator: ", ")); "
                + "use more digits"
        case .missingBlob(let digest):
            "\(subject): \(digest) is not in the store; load or pull the image again"
        case .digestMismatch(let expected, let actual):
            "\(subject): digest mismatch: expected \(expected), got \(actual); the content was damaged or tampered with "
                + "and has been discarded"
        case .sizeMismatch(let expected, let actual):
            "\(subject): size mismatch: expected \(expected) bytes, got \(actual) or more"
        case .unsupportedAlgorithm(let digest):
            "\(subject): unsupported digest algorithm \(digest.algorithm.rawValue); only sha256 is supported"
        case .layerCount(let manifest, let configuration):
            "\(subject): invalid image: the manifest has \(manifest) layers and the configuration "
                + "\(configuration)"
        case .noImage:
            "\(subject): contains no image; an OCI layout has an index.json, an archive of "
                + "'docker save' a manifest.json"
        case .tooLong(let limit):
            "\(subject): exceeds the limit of \(limit) bytes for image documents"
        case .inUse:
            "\(subject): image is used by a container; remove the container first, or use --force"
        case .notBootstrappable(let known):
            "\(subject): cannot be bootstrapped; supported images: \(known.joined(separator: ", "))"
        case .missingProgram(let program, let package):
            "\(subject): \(program) is not installed; run 'apt-get install \(package)'"
        case .programFailed(let program, let status, let lines):
            "\(subject): \(program) failed with status \(status)"
                + lines.map { "\n  " + $0 }.joined()
        case .change(let fault):
            "--change '\(subject)': \(fault)"
        case .system(let error):
            "\(subject.isEmpty ? "" : subject + ": ")\(error)"
        case .archive(let error):
            "\(subject.isEmpty ? "" : subject + ": ")\(error)"
        case .document(let error):
            "\(subject.isEmpty ? "" : subject + ": ")\(error)"
        }
    }
}

/// Makes `call`; its error becomes one about `subject`.
func during<Result: ~Copyable>(
    system call: @autoclosure () throws(SystemCallError) -> Result,
    in subject: @autoclosure () -> String = ""
) throws(ImageStoreError) -> Result {
    do { return try call() } catch { throw ImageStoreError(.system(error), in: subject()) }
}

/// Makes `call`; its error becomes one about `subject`.
func during<Result>(
    archive call: @autoclosure () throws(ArchiveError) -> Result,
    in subject: @autoclosure () -> String = ""
) throws(ImageStoreError) -> Result {
    do { return try call() } catch { throw ImageStoreError(.archive(error), in: subject()) }
}

/// Makes `call`; its error becomes one about `subject`.
func during<Result>(
    document call: @autoclosure () throws(OCIError) -> Result,
    in subject: @autoclosure () -> String = ""
) throws(ImageStoreError) -> Result {
    do { return try call() } catch { throw ImageStoreError(.document(error), in: subject()) }
}
