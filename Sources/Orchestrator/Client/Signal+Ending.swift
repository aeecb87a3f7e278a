import Linux

extension Signal {
    /// Whether a command ends on it where it can pass it to no process.
    var isRequestToEnd: Bool { [.interrupt, .terminate, .hangUp, .quit].contains(self) }
}
