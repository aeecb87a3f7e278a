import Linux

extension CgroupStatistics {
    /// The sum over the processes in the PID namespace of process `pid`, for a container without a
    /// control group: without transfers of block devices, and without processor time of processes
    /// that were not waited for.
    public init(processesWith pid: Int32) throws(RuntimeError) {
        self.init(
            processorTime: .zero,
            memory: 0,
            memoryLimit: nil,
            processes: 0,
            blockRead: 0,
            blockWritten: 0
        )
        let pids = try RuntimeError.during(
            .namespaces,
            ProcessTable.processes(sharingNamespaceOf: pid)
        )
        for pid in pids {
            // A process may exit after it was listed.
            guard let statistics = try? ProcessTable.statistics(of: pid),
                let memory = try? ProcessTable.ownMemory(of: pid)
            else { continue }
            processorTime += statistics.processorTime + statistics.childrenTime
            self.memory += memory
            processes += statistics.threads
        }
    }
}
