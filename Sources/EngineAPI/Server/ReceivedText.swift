/// The text of a request as it arrives from an untrusted client, parsed in all of its parts.
///
/// Connections parse the parts as they need them; this serves the fuzzer and the tests of its
/// corpus.
public struct ReceivedText {
    /// The body; nil if it is not JSON.
    public private(set) var document: JSON?
    /// The messages about parts that are malformed.
    public private(set) var faults: [String] = []

    /// Parses a head, an empty line and a body.
    public init(_ bytes: [UInt8]) {
        let gap = Array("\r\n\r\n".utf8)
        let end = bytes.firstRange(of: gap)
        do throws(HeadError) {
            let head = try RequestHead(parsing: bytes[..<(end?.lowerBound ?? bytes.count)])
            check(head)
        } catch {
            faults.append("\(error)")
        }
        do throws(JSONSyntaxError) {
            document = try JSON(parsing: Array(bytes[(end?.upperBound ?? bytes.count)...]))
        } catch {
            faults.append("\(error)")
        }
    }

    private mutating func check(_ head: RequestHead) {
        do throws(EngineError) {
            let query = Query(parsing: head.query)
            _ = try query.number("limit")
            _ = try Filters(query, known: ["label", "name"])
            _ = try Router().match(head)
        } catch {
            faults.append(error.message)
        }
    }
}
