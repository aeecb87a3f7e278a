import Glibc
import Linux

/// Whether this process may create network namespaces.
let mayMakeNamespaces = geteuid() == 0

/// Waits until `socket` is readable, then calls `read`; nil after ten seconds.
func whenReady<Result: ~Copyable>(
    _ socket: borrowing Socket,
    _ ask: (borrowing Socket) throws -> Result?
) throws -> Result? {
    let loop = try EventLoop()
    var isReady = false
    try loop.watch(socket.number) { _ in
        isReady = true
        loop.stop()
    }
    loop.after(.seconds(10)) { loop.stop() }
    try loop.run()
    return isReady ? try ask(socket) : nil
}
