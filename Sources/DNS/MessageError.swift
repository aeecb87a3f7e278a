/// Why bytes are no DNS message.
public struct MessageError: Error, Hashable, Sendable {
    public enum Problem: Hashable, Sendable {
        case endsEarly
        /// A label's length byte begins with the bits 01 or 10.
        case unknownLabelKind
        case longName
        /// A shortened name refers to itself or to something behind it.
        case forwardPointer
        case addressOfWrongSize
        case repeatedExtension
    }

    public var problem: Problem
    /// Where in the message, in bytes.
    public var offset: Int
}

extension MessageError: CustomStringConvertible {
    public var description: String {
        let fault =
            switch problem {
            case .endsEarly: "it ends too early"
            case .unknownLabelKind: "a label of unknown kind"
            case .longName: "a name longer than 255 bytes"
            case .forwardPointer: "a shortened name that refers forward"
            case .addressOfWrongSize: "an address of wrong size"
            case .repeatedExtension: "two OPT records"
            }
        return "malformed DNS message, byte \(offset): \(fault); its sender is faulty or hostile"
    }
}
