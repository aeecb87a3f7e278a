import ComposeFile
import Fuzzer

@main struct FuzzDotenv {
    static func main() { Fuzzer.run(fuzz) }
}

/// Parses an env file in both formats; no name may contain a space.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    var variables: [String: String] = [:]
    var warnings: [ComposeWarning] = []
    do {
        try Dotenv.parse(bytes, file: "fuzz", into: &variables, warnings: &warnings) { _ in nil }
    } catch {
        precondition(!error.description.isEmpty)
    }
    do {
        try Dotenv.parseRaw(bytes, file: "fuzz", into: &variables) { _ in nil }
    } catch {
        precondition(!error.description.isEmpty)
    }
    precondition(!variables.keys.contains { $0.contains(" ") })
    return 0
}
