/// The result of one check of the machine.
public struct Finding: Sendable, Equatable, Encodable {
    public enum Status: String, Sendable, Encodable {
        case ok
        /// Something does not work that many projects do without.
        case warning
        /// Containers cannot be started.
        case problem
    }

    /// The subject of the check, such as `overlay`.
    public var check: String
    public var status: Status
    public var detail: String
    /// Commands that solve the problem, in order, most of them for an administrator.
    public var remedies: [String]

    /// The finding that all is well.
    init(_ check: String, _ detail: String) { self.init(check, .ok, detail) }

    init(
        _ check: String,
        _ status: Status,
        _ detail: String,
        remedies: [String] = []
    ) {
        self.check = check
        self.status = status
        self.detail = detail
        self.remedies = remedies
    }
}
