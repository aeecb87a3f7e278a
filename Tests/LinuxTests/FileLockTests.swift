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

    private func isFree(_ path: FilePath) throws -> Bool {
        guard let lock = try FileLock.tryTaking(path) else { return false }
        lock.whileHeld {}
        return true
    }
}
