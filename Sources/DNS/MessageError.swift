/// An error in an encoded DNS message.
public struct MessageError: Error, Hashable, Sendable {
    public enum Problem: Hashable, Sendable {
        case endsEarly
        /// A label's length byte begins with the bits 01 or 10.
        case unknownLabelKind
        case longName
        /// A compressed name refers to itself or to a later offset.
        case forwardPointer
        case addressOfWrongSize
        case repeatedExtension
    }

    public var problem: Problem
    /// The offset in the message, in bytes.
    public var offset: Int
}

extension MessageError: CustomStringConvertible {
    public var description: String {
        let fault =
            switch problem {
            case .endsEarly: "unexpected end"
            case .unknownLabelKind: "unknown kind of label"
            case .longName: "name longer than 255 bytes"
            case .forwardPointer: "name compression pointer that refers forward"
            case .addressOfWrongSize: "address of the wrong size"
            case .repeatedExtension: "two OPT records"
            }
        return
            "malformed DNS message at byte \(offset): \(fault); the sender is faulty or malicious"
    }
}
