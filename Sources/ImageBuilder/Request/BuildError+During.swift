import Dockerfile
import ImageStore
import Linux

extension BuildError {
    /// Makes a system call; its error becomes a `BuildError`.
    static func during<Result: ~Copyable>(
        _ call: @autoclosure () throws(SystemCallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try call() } catch { throw BuildError(.system(error)) }
    }

    /// Makes several system calls; the first error becomes a `BuildError`.
    static func during<Result: ~Copyable>(
        _ calls: () throws(SystemCallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try calls() } catch { throw BuildError(.system(error)) }
    }

    /// Uses the image store; its error becomes a `BuildError`.
    static func during<Result: ~Copyable>(
        store call: @autoclosure () throws(ImageStoreError) -> Result
    ) throws(BuildError) -> Result {
        do { return try call() } catch { throw BuildError(.store(error)) }
    }

    /// Interprets part of a Dockerfile; its error becomes a `BuildError`.
    static func during<Result: ~Copyable>(
        reading call: @autoclosure () throws(DockerfileError) -> Result
    ) throws(BuildError) -> Result {
        do { return try call() } catch { throw BuildError(.dockerfile(error)) }
    }
}

/// Runs blocking work on a thread of its own.
func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws(BuildError) -> Value
) async throws(BuildError) -> Value {
    let result: Result<Value, BuildError>
    do {
        result = try await BackgroundThread.run { () -> Result<Value, BuildError> in
            Result { () throws(BuildError) in try body() }
        }
    } catch let error as SystemCallError {
        throw BuildError(.system(error))
    } catch {
        throw BuildError(.cancelled)
    }
    return try result.get()
}
