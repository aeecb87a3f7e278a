import Fuzzer
import YAML

@main struct FuzzYAML {
    static func main() { Fuzzer.run(fuzz) }
}

/// Parses a stream and walks its trees; the location of an error must be in the stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do {
        for document in try YAMLDocument.all(in: bytes, file: "fuzz") {
            precondition(weight(document.root) <= YAMLLimits().nodes)
        }
    } catch {
        precondition(error.location.line <= bytes.count + 1, error.description)
    }
    return 0
}

private func weight(_ node: YAMLNode) -> Int {
    let children = node.sequence ?? node.mapping?.map(\.value) ?? []
    return children.reduce(1) { $0 + weight($1) }
}
