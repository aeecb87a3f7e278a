import CLinux
import Glibc
import SystemPackage

/// Threads for work that blocks, which must not hold up the cooperative pool.
public enum BackgroundThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread and does not wait for it.
    ///
    /// Source: pthread_create(3); throws `EAGAIN` when the system allows no more threads.
    public static func start(_ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        let result = unsafe clinux_thread(
            { context in
                guard let context = unsafe context else { return }
                let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                work.body()
            },
            work.toOpaque()
        )
        if result != 0 {
            unsafe work.release()
            throw SystemCallError(
                call: "pthread_create",
                subject: "background thread",
                reason: .init(rawValue: result)
            )
        }
    }

    /// Runs `body` on a thread of its own and waits for its result without blocking one of ours.
    public static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do throws(SystemCallError) {
                try start { continuation.resume(with: Result(catching: body)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
