public import Linux

extension UsageReader {
    /// Calls `show` once a second with what `containers` gives and what they use, until SIGINT or
    /// SIGTERM comes, which is the result; nil after a single call where `isOnce`.
    ///
    /// Where it goes on, the first call comes at once, before anything can be said of most
    /// containers.
    public func follow(
        _ containers: () throws -> [ExistingContainer],
        isOnce: Bool,
        show: ([ExistingContainer], [String: ContainerUsage]) throws -> Void
    ) throws -> Signal? {
        let loop = try EventLoop()
        let signals = try SignalReader([.interrupt, .terminate])
        var signal: Signal?
        try loop.watch(signals.descriptor.number) { _ in
            signal = signals.next()
            loop.stop()
        }
        var found = try containers()
        var usages = try read(found)
        if !isOnce { try show(found, usages) }
        repeat {
            loop.after(.seconds(1)) { loop.stop() }
            try loop.run()
            if signal != nil { break }
            found = try containers()
            usages = try read(found)
            try show(found, usages)
        } while !isOnce
        return signal
    }
}
