import CLinux
import Glibc
import SystemPackage

/// Threads for blocking work, which must not run on the cooperative pool.
public enum BackgroundThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread without waiting for it.
    ///
    /// Throws `EAGAIN` when the limit on threads is reached. Source: pthread_create(3).
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

    /// Runs `body` on a new thread and suspends the caller until its result is available.
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
