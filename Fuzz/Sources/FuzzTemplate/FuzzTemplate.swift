import Fuzzer

@testable import ComposeFile

@main struct FuzzTemplate {
    static func main() { Fuzzer.run(fuzz) }
}

/// Substitutes variables in a text; one without a dollar sign must not change.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    var template = Template { $0.hasPrefix("s") ? "value of \($0)" : nil }
    do {
        let result = try template.substitute(text)
        precondition(text.contains("$") || result == text)
    } catch {
        precondition(!error.description.isEmpty)
    }
    precondition(TemplateVariable.all(in: text).allSatisfy { !$0.name.isEmpty })
    return 0
}
