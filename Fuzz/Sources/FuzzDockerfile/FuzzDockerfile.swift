import Dockerfile
import Fuzzer

@main struct FuzzDockerfile {
    static func main() { Fuzzer.run(fuzz) }
}

/// Parses a Dockerfile; the position of an error must be in it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let source = String(decoding: bytes, as: UTF8.self)
    do {
        _ = try Dockerfile(parsing: source, file: "fuzz")
    } catch {
        precondition(!error.description.isEmpty)
        precondition(error.position.line <= count + 1, error.description)
    }
    return 0
}
