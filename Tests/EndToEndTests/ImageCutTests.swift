import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// A crash while images change leaves a consistent store without permanent garbage.
    @Suite struct ImageCutTests {
        @Test(arguments: [
            ["image", "tag", "test/busybox", "test/cut"], ["image", "rm", "test/cut"],
            ["image", "import", "archive.tar", "test/cut"],
            ["image", "load", "--input", "saved.tar"],
        ])
        func `a killed pull or prune is recovered`(arguments: [String]) throws {
            try needBusyBox()
            let machine = try machine()
            let scratch = machine.root.appending("images-cut")
            try FileSystem.makeDirectories(scratch.appending("tree"))
            try AtomicFile.write([1, 2, 3], to: scratch.appending("tree/file"))
            let archive = scratch.appending("archive.tar").string
            let saved = scratch.appending("saved.tar").string
            let packed = try Program.run("tar", "-C", "\(scratch)/tree", "-cf", archive, ".")
            try #require(packed.status == 0, "\(packed)")
            try machine.run("image", "tag", "test/busybox", "test/cut")
            try machine.run("image", "save", "--output", saved, "test/cut")
            let cut = Cut(
                machine: machine,
                arguments: arguments.map { $0.hasSuffix(".tar") ? "\(scratch)/\($0)" : $0 }
            )
            try prepare(machine)
            let count = try cut.make(at: 0).changes
            try restore(machine)
            let before = try files(machine)
            for number in Cut.places(upTo: count, some: 4) {
                try prepare(machine)
                let report = try cut.make(at: number)
                try machine.run("image", "ls")
                try restore(machine)
                let left = try files(machine)
                #expect(left == before, "\(report)")
            }
            try FileSystem.removeTree(scratch)
        }

        /// Images that `rm` removes exist; images that other commands create do not.
        private func prepare(_ machine: Machine) throws {
            try machine.run("image", "tag", "test/busybox", "test/cut")
        }

        private func restore(_ machine: Machine) throws {
            _ = try machine.attempt(["image", "rm", "test/cut"])
            try machine.run("image", "prune", "--force")
        }

        /// The store's files, temporary ones with the others.
        private func files(_ machine: Machine) throws -> Set<String> {
            let list = try Program.run(
                "find",
                "\(machine.root)/lib/images",
                "\(machine.root)/lib/snapshots",
                "-maxdepth",
                "3",
                "-not",
                "-name",
                "*.lock"
            ).output
            return Set(list.split(separator: "\n").map(String.init))
        }
    }
}
