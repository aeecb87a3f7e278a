import EngineAPI
import Fuzzer

@main struct FuzzRequest {
    static func main() { Fuzzer.run(fuzz) }
}

/// Parses a request of the Engine API: its head, its query and filters, and its body as JSON.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let request = ReceivedText(bytes)
    // What is written is read as the same again.
    if let document = request.document {
        precondition((try? JSON(parsing: document.bytes)) != nil)
    }
    precondition(request.faults.allSatisfy { !$0.isEmpty })
    return 0
}
