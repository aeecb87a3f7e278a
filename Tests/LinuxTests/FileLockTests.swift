import Linux
import SystemPackage
import TestSupport
import Testing

struct FileLockTests {
    @Test func `a lock has one owner at a time`() throws {
        try withScratchDirectory { directory in
            let path = directory.appending("lock")
            let whileHeld = try FileLock(waitingFor: path).whileHeld { () throws in
                try isFree(path)
            }
            #expect(!whileHeld)
            let afterwards = try isFree(path)
            #expect(afterwards)
        }
    }

    @Test func `a lock on a deleted file does not block the new file`() throws {
        try withScratchDirectory { directory in
            let path = directory.appending("lock")
            let isNewFileFree = try FileLock(waitingFor: path).whileHeld { () throws in
                try FileSystem.removeFile(path)
                return try isFree(path)
            }
            #expect(isNewFileFree)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pending lock is acquired once its owner releases it`() throws {
        try withScratchDirectory { directory in
            let path = directory.appending("lock")
            let pending = try FileLock(waitingFor: path).whileHeld { () throws in
                let pending = try PendingFileLock(path)
                let ready = try Readiness.wait(
                    for: [pending.descriptor],
                    timeout: .milliseconds(50)
                )
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
    }

    @Test(.timeLimit(.minutes(1)))
    func `an abandoned pending lock is released`() throws {
        try withScratchDirectory { directory in
            let path = directory.appending("lock")
            try FileLock(waitingFor: path).whileHeld { () throws in _ = try PendingFileLock(path) }
            // Blocks until the abandoned request's thread has released the lock.
            let isHeld = try FileLock(waitingFor: path).whileHeld { () throws in
                try !isFree(path)
            }
            #expect(isHeld)
            let afterwards = try isFree(path)
            #expect(afterwards)
        }
    }

    private struct Missing: Error {}

    private func isFree(_ path: FilePath) throws -> Bool {
        guard let lock = try FileLock.tryTaking(path) else { return false }
        lock.whileHeld {}
        return true
    }
}
