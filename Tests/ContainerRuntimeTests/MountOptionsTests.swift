import Linux
import Testing

@testable import ContainerRuntime

struct MountOptionsTests {
    @Test func `flags, propagation and file system options are distinguished`() {
        let options = MountOptions([
            "rbind", "ro", "nosuid", "rslave", "size=64k", "mode=1777", "newinstance",
        ])
        #expect(options.isBind && options.isRecursiveBind)
        #expect(options.set == [.readOnly, .noSetUserID])
        #expect(options.propagation == .slave && options.isPropagationRecursive)
        #expect(
            options.fileSystem == [
                .init("size", "64k"), .init("mode", "1777"),
                .init("newinstance"),
            ]
        )
    }

    @Test func `the later of two opposite options applies`() {
        #expect(MountOptions(["ro", "rw"]).set.isEmpty)
        #expect(MountOptions(["rw", "ro"]).set == .readOnly)
        #expect(MountOptions(["rw", "ro"]).clear.isEmpty)
    }

    @Test(arguments: ["rro": MountAttributes.readOnly, "rnoexec": .noExecution])
    func `a leading r applies to all mounts below`(option: String, attribute: MountAttributes) {
        let options = MountOptions(["rbind", option])
        #expect(options.recursiveSet == attribute)
        #expect(options.set.isEmpty)
    }

    @Test func `a subpath is not passed to the file system`() {
        let options = MountOptions(["bind", "io.swiftcompose.subpath=a/b=c"])
        #expect(options.subpath == "a/b=c")
        #expect(options.fileSystem.isEmpty)
    }
}
