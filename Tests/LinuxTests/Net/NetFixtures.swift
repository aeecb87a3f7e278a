import Glibc
import Linux

/// Whether this process may make network namespaces.
let mayMakeNamespaces = geteuid() == 0

/// Waits until `socket` has something to say and asks it; nil after ten seconds of silence.
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
