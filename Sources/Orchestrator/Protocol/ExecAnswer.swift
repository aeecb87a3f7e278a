/// A supervisor's answer to an `ExecRequest`, besides the new process's own `ExecReport`s.
enum ExecAnswer: Equatable {
    /// The process has been created and is about to become its program; carries its pidfd.
    case process(pid: Int32)
    /// It has exited, with the exit status that a shell reports.
    case ended(code: Int32)
    /// There is no such running container.
    case absent
    /// The container is paused, and so would be a process that enters it.
    case paused(container: String)

    init?(_ message: [UInt8]) {
        let text = String(decoding: message.dropFirst(), as: UTF8.self)
        switch (message.first, Int32(text)) {
        case (Kind.process, let pid?): self = .process(pid: pid)
        case (Kind.ended, let code?): self = .ended(code: code)
        case (Kind.absent, _): self = .absent
        case (Kind.paused, _): self = .paused(container: text)
        default: return nil
        }
    }

    var message: [UInt8] {
        switch self {
        case .process(let pid): [Kind.process] + "\(pid)".utf8
        case .ended(let code): [Kind.ended] + "\(code)".utf8
        case .absent: [Kind.absent]
        case .paused(let container): [Kind.paused] + container.utf8
        }
    }

    /// The first byte of a message, distinct from those of `ExecReport`.
    private enum Kind {
        static let process = UInt8(ascii: "P")
        static let ended = UInt8(ascii: "X")
        static let absent = UInt8(ascii: "N")
        static let paused = UInt8(ascii: "Z")
    }
}
