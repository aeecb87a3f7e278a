/// Call numbers of single architectures that libseccomp does not resolve.
enum SeccompNumbers {
    /// The direct calls of 32-bit x86 besides socketcall and ipc, since Linux 4.3 and 5.1.
    ///
    /// Source: kernel, `arch/x86/entry/syscalls/syscall_32.tbl`.
    static let x86: [String: UInt32] = [
        "recvmmsg": 337, "sendmmsg": 345, "socket": 359, "socketpair": 360, "bind": 361,
        "connect": 362, "listen": 363, "accept4": 364, "getsockopt": 365, "setsockopt": 366,
        "getsockname": 367, "getpeername": 368, "sendto": 369, "sendmsg": 370, "recvfrom": 371,
        "recvmsg": 372, "shutdown": 373, "semget": 393, "semctl": 394, "shmget": 395, "shmctl": 396,
        "shmat": 397, "shmdt": 398, "msgget": 399, "msgsnd": 400, "msgrcv": 401, "msgctl": 402,
    ]

    /// Calls of x86-64 and x32 newer than some versions of libseccomp.
    ///
    /// Source: kernel, `arch/x86/entry/syscalls/syscall_64.tbl`.
    static let wide: [String: UInt32] = ["uretprobe": 335]
}
