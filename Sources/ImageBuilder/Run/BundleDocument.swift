import FoundationEssentials
import Linux
import OCI
import SystemPackage

/// The `config.json` of a step's bundle.
struct BundleDocument {
    let specification: RuntimeSpecification

    func write(in directory: FilePath) throws(BuildError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do { bytes = try Array(encoder.encode(specification)) } catch {
            preconditionFailure("a specification cannot be written as JSON: \(error)")
        }
        try wrapping { () throws(SystemCallError) in
            try AtomicFile.write(bytes, to: directory.appending("config.json"), mode: 0o600)
        }
    }
}
