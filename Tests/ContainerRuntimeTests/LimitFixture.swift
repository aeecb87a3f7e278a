import OCI

extension RuntimeSpecification.Resources {
    /// A limit of each kind, including one on reading from a block device.
    init(testMajor major: Int64, minor: Int64) {
        self.init()
        memory = .init()
        memory?.limit = 64 << 20
        memory?.swap = 96 << 20
        memory?.reservation = 32 << 20
        cpu = .init()
        cpu?.shares = 512
        cpu?.quota = 50_000
        cpu?.period = 100_000
        pids = .init(limit: 20)
        blockIO = .init()
        blockIO?.throttleReadBpsDevice = [.init(major: major, minor: minor, rate: 1_048_576)]
    }

    /// The same for block device 8:0, with limits that not every machine can apply.
    static var everyLimit: Self {
        var resources = Self(testMajor: 8, minor: 0)
        resources.cpu?.cpus = "0-1"
        resources.cpu?.mems = "0"
        resources.blockIO?.weight = 500
        return resources
    }
}
