import CLinux
import Glibc
public import SystemPackage

/// A stack of directories seen as one. Source: kernel, `filesystems/overlayfs.rst`.
public enum OverlayMount {
    /// Mounts `lower` (topmost first), and `upper` above them if given, on the directory `target`.
    ///
    /// `work` is an empty directory beside `upper`, for the kernel.
    public static func attach(
        lower: [FilePath],
        upper: (directory: FilePath, work: FilePath)?,
        to target: FilePath
    ) throws(SystemCallError) {
        do {
            try detached(lower: lower, upper: upper).attach(to: target)
        } catch  where error.reason == .invalidArgument && error.subject.contains("lowerdir+") {
            // Linux 6.4 and older take all directories at once, in one page.
            try attachInOnePage(lower: lower, upper: upper, to: target)
        }
    }

    private static func detached(
        lower: [FilePath],
        upper: (directory: FilePath, work: FilePath)?
    ) throws(SystemCallError) -> DetachedMount {
        var options: [(key: String, value: String?)] = lower.map { ("lowerdir+", $0.string) }
        if let upper {
            options.append(("upperdir", upper.directory.string))
            options.append(("workdir", upper.work.string))
        }
        return try DetachedMount(type: "overlay", source: "overlay", options: options)
    }

    private static func attachInOnePage(
        lower: [FilePath],
        upper: (directory: FilePath, work: FilePath)?,
        to target: FilePath
    ) throws(SystemCallError) {
        var options = "lowerdir=" + lower.map { escaped($0) }.joined(separator: ":")
        if let upper {
            options += ",upperdir=\(escaped(upper.directory)),workdir=\(escaped(upper.work))"
        }
        try systemCall("mount", "overlay on \(target)") {
            unsafe clinux_mount("overlay", target.string, "overlay", 0, options)
        }
    }

    private static func escaped(_ path: FilePath) -> String {
        path.string.map { "\\:,".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
