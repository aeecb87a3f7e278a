public import Archive
public import Linux
public import OCI

/// What went wrong with an image, a layer or the store itself, and how to mend it.
public struct ImageStoreError: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        /// No image has this name or id.
        case missingImage(canBootstrap: Bool)
        /// The beginning of an id fits several images.
        case ambiguous([Digest])
        /// Content that the store should hold is not there.
        case missingBlob(Digest)
        /// Content is not what its digest says.
        case digestMismatch(expected: Digest, actual: Digest)
        /// Content has another size than announced.
        case sizeMismatch(expected: Int64, actual: Int64)
        /// A digest by an algorithm that the store does not compute.
        case unsupportedAlgorithm(Digest)
        /// A manifest that names another number of layers than its configuration.
        case layerCount(manifest: Int, configuration: Int)
        /// An archive without any image in it.
        case noImage
        /// A document that is longer than any honest one.
        case tooLong(limit: Int)
        /// The image of a container that exists.
        case inUse
        /// A reference that cannot be bootstrapped, with those that can.
        case notBootstrappable(known: [String])
        /// A program that is not installed, and the Debian package that brings it.
        case missingProgram(String, package: String)
        /// A program that failed, with the last lines that it wrote.
        case programFailed(String, status: Int32, lines: [String])
        /// A `--change` that cannot be understood.
        case change(String)
        case system(SystemCallError)
        case archive(ArchiveError)
        case document(OCIError)
    }

    public var problem: Problem
    /// The image, layer, archive or file that it is about.
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
            "\(subject): no such image here; make it from the distribution's packages with "
                + "'swiftcompose image bootstrap \(subject)', or load one with "
                + "'swiftcompose image load'"
        case .missingImage(false):
            "\(subject): no such image here; load it with 'swiftcompose image load', pull it, or "
                + "start from 'swiftcompose image bootstrap debian:bookworm-slim'"
        case .ambiguous(let ids):
            "\(subject): is the beginning of several ids, \(ids.map(\.short).joined(separator: ", ")); "
                + "give more digits"
        case .missingBlob(let digest):
            "\(subject): \(digest) is not in the store; load or pull the image again"
        case .digestMismatch(let expected, let actual):
            "\(subject): should be \(expected), but is \(actual); it was damaged or tampered with "
                + "on its way, so it has been thrown away"
        case .sizeMismatch(let expected, let actual):
            "\(subject): should be \(expected) bytes long, but is \(actual) or more; it has been "
                + "thrown away"
        case .unsupportedAlgorithm(let digest):
            "\(subject): named by \(digest.algorithm.rawValue); only sha256 is supported"
        case .layerCount(let manifest, let configuration):
            "\(subject): its manifest names \(manifest) layers and its configuration "
                + "\(configuration); this is no valid image"
        case .noImage:
            "\(subject): holds no image; an OCI layout has an index.json, an archive of "
                + "'docker save' a manifest.json"
        case .tooLong(let limit):
            "\(subject): is longer than \(limit) bytes, which no image document is"
        case .inUse:
            "\(subject): a container was made from it; remove the container first, or give --force"
        case .notBootstrappable(let known):
            "\(subject): cannot be bootstrapped; known are \(known.joined(separator: ", "))"
        case .missingProgram(let program, let package):
            "\(subject): needs \(program), which is not installed; run 'apt-get install \(package)'"
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

/// Runs `body`, whose fault belongs to the file system.
func wrapping<Result: ~Copyable>(
    _ subject: @autoclosure () -> String = "",
    system body: () throws(SystemCallError) -> Result
) throws(ImageStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw ImageStoreError(.system(error), in: subject())
    }
}

/// Runs `body`, whose fault belongs to an archive.
func wrapping<Result>(
    _ subject: @autoclosure () -> String = "",
    archive body: () throws(ArchiveError) -> Result
) throws(ImageStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw ImageStoreError(.archive(error), in: subject())
    }
}

/// Runs `body`, whose fault belongs to a document.
func wrapping<Result>(
    _ subject: @autoclosure () -> String = "",
    document body: () throws(OCIError) -> Result
) throws(ImageStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw ImageStoreError(.document(error), in: subject())
    }
}
