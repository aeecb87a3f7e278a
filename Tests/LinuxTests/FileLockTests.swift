import Glibc
import Linux
import SystemPackage
import Testing

struct FileLockTests {
    @Test func `a lock has one holder at a time`() throws {
        let path = FilePath("/tmp/swiftcompose-lock-\(getpid())")
        defer { unsafe unlink(path.string) }
        let whileHeld = try FileLock(waitingFor: path).whileHeld { () throws in try isFree(path) }
        #expect(!whileHeld)
        let afterwards = try isFree(path)
        #expect(afterwards)
    }

    @Test func `a deleted lock file is not mistaken for the lock`() throws {
        let path = FilePath("/tmp/swiftcompose-lock-deleted-\(getpid())")
        defer { unsafe unlink(path.string) }
        let isNobodys = try FileLock(waitingFor: path).whileHeld { () throws in
            unsafe unlink(path.string)
            return try isFree(path)
        }
        #expect(isNobodys)
    }

    @Test func `a lock that is waited for comes once its holder lets go`() throws {
        let path = FilePath("/tmp/swiftcompose-lock-pending-\(getpid())")
        defer { unsafe unlink(path.string) }
        let pending = try FileLock(waitingFor: path).whileHeld { () throws in
            let pending = try PendingFileLock(path)
            let ready = try Readiness.wait(for: [pending.descriptor], timeout: .milliseconds(50))
            #expect(ready.isEmpty)
            return pending
        }
        _ = try Readiness.wait(for: [pending.descriptor])
        guard let lock = try pending.take() else { throw Missing() }
        let whileHeld = try lock.whileHeld { () throws in try isFree(path) }
        #expect(!whileHeld)
        let isTaken = try pending.take() == nil
        #expect(isTaken)
    }

    @Test func `a lock that nobody waits for any more is let go`() throws {
        let path = FilePath("/tmp/swiftcompose-lock-forgotten-\(getpid())")
        defer { unsafe unlink(path.string) }
        try FileLock(waitingFor: path).whileHeld { () throws in _ = try PendingFileLock(path) }
        // Waits for the thread, if it is not through yet.
        try FileLock(waitingFor: path).whileHeld {}
    }

    private struct Missing: Error {}

    private func isFree(_ path: FilePath) throws -> Bool {
        guard let lock = try FileLock.tryTaking(path) else { return false }
        lock.whileHeld {}
        return true
    }
}
