import CArchive
import Glibc
import Linux
import SystemPackage

extension Extractor {
    /// Creates a file at `place`, removing an existing one first.
    @discardableResult
    func replacing(
        _ place: Place,
        _ name: String,
        _ make: () -> Int32
    ) throws(ArchiveError) -> Int32 {
        do throws(ArchiveError) {
            return try call(name, root.subject(place.path), make)
        } catch {
            guard case .system(let fault) = error.problem, fault.reason == .fileExists else {
                throw error
            }
        }
        try place.directory.remove(place.name, subject: root.subject(place.path))
        root.forgetOpened()
        return try call(name, root.subject(place.path), make)
    }

    func makeDirectory(_ place: Place) throws(ArchiveError) {
        let existing = try place.directory.status(
            of: place.name,
            subject: root.subject(place.path)
        )
        if existing.map({ $0.st_mode & S_IFMT == S_IFDIR }) == true { return }
        try replacing(place, "mkdir") {
            unsafe place.name.withPlatformString {
                unsafe mkdirat(place.directory.number, $0, 0o700)
            }
        }
        // The lower directory was whited out, so the new one must hide its entries.
        if whiteouts.contains(place.path) { try makeOpaque(place.path) }
    }

    func makeFile(
        _ place: Place,
        _ entry: TarEntry,
        _ attributes: FileAttributes
    ) throws(ArchiveError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = Descriptor(
            owning: try replacing(place, "open") {
                unsafe place.name.withPlatformString {
                    unsafe openat(place.directory.number, $0, flags, 0o600)
                }
            }
        )
        let number = file.number
        var end: Int64 = 0
        try unsafe reader.blocks { (block, offset) throws(ArchiveError) in
            let (blockEnd, overflows) = offset.addingReportingOverflow(Int64(block.count))
            guard !overflows else {
                throw ArchiveError(.format("the file is too large"), in: root.subject(place.path))
            }
            try unsafe write(block, at: offset, to: number, place)
            end = max(end, blockEnd)
        }
        if case .file(let size) = entry.kind, size > end {
            try call("ftruncate", root.subject(place.path)) { ftruncate(number, Int(size)) }
        }
        try attributes.apply(to: number, subject: root.subject(place.path))
    }

    func makeHardLink(_ place: Place, to target: FilePath) throws(ArchiveError) {
        let relative = try ConfinedRoot.relative(target, in: "\(reader.name), \(place.path)")
        guard let targetName = relative.lastComponent else {
            throw ArchiveError(.escapesRoot, in: "\(reader.name), \(place.path)")
        }
        let target = options.directory.appending(relative.components)
        // A link to itself would first remove itself.
        guard target != place.path else { return }
        let targetDirectory = try root.existingDirectory(target.removingLastComponent())
        try replacing(place, "link to \(target)") {
            unsafe targetName.withPlatformString { targetName in
                unsafe place.name.withPlatformString {
                    unsafe linkat(targetDirectory.number, targetName, place.directory.number, $0, 0)
                }
            }
        }
    }

    /// Applies `name` if it is a whiteout; returns false if it is an ordinary entry.
    func applyWhiteout(
        _ name: FilePath.Component,
        in parent: FilePath
    ) throws(ArchiveError) -> Bool {
        let prefix = ".wh."
        guard name.string.hasPrefix(prefix) else { return false }
        if name.string == ".wh..wh..opq" {
            try makeOpaque(parent)
            return true
        }
        // Other names of this kind are aufs metadata.
        if name.string.hasPrefix(".wh..wh.") { return true }
        let hidden = unsafe name.withPlatformString {
            unsafe FilePath.Component(platformString: $0 + prefix.utf8.count)
        }
        guard let hidden, hidden.kind == .regular else {
            throw ArchiveError(.emptyWhiteout, in: "\(reader.name), \(parent.appending(name))")
        }
        try hide(hidden, in: parent)
        return true
    }

    private func hide(
        _ name: FilePath.Component,
        in parent: FilePath
    ) throws(ArchiveError) {
        let (directory, path) = (try root.directory(parent), parent.appending(name))
        let subject = root.subject(path)
        whiteouts.insert(path)
        if let existing = try directory.status(of: name, subject: subject) {
            // An entry of this archive remains; a directory hides the lower one.
            if existing.st_mode & S_IFMT == S_IFDIR { try makeOpaque(path) }
            return
        }
        try call("mknod", subject) {
            unsafe name.withPlatformString { unsafe mknodat(directory.number, $0, S_IFCHR, 0) }
        }
    }

    private func makeOpaque(_ path: FilePath) throws(ArchiveError) {
        let directory = try root.directory(path)
        try setAttribute(
            ExtendedAttribute.opaque,
            to: [UInt8(ascii: "y")],
            on: directory.number,
            subject: root.subject(path)
        )
    }

    private func write(
        _ block: UnsafeRawBufferPointer,
        at offset: Int64,
        to file: Int32,
        _ place: Place
    ) throws(ArchiveError) {
        var written = 0
        while written < block.count {
            let start = written
            written += try call("pwrite", root.subject(place.path)) {
                unsafe pwrite(
                    file,
                    block.baseAddress.map { unsafe $0 + start },
                    block.count - start,
                    Int(offset) + start
                )
            }
        }
    }
}
