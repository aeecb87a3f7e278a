/// The system calls that are allowed in every container with any arguments, by subject.
enum DefaultSeccompCalls {
    static let all = [
        files, attributes, descriptors, waiting, memory, processes, identity, time, signals,
        sockets, communication, scheduling, kernel, narrow,
    ]
    .flatMap(DefaultSeccomp.words)

    private static let files = """
        access chdir chmod chown creat faccessat faccessat2 fchdir fchmod fchmodat fchmodat2 \
        fchown fchownat fstat fstatfs futimesat getcwd getdents getdents64 lchown link linkat \
        listmount lseek lstat mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open \
        openat openat2 readlink readlinkat rename renameat renameat2 rmdir stat statfs statmount \
        statx symlink symlinkat truncate umask unlink unlinkat utime utimensat utimes
        """

    private static let attributes = """
        fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr \
        listxattrat llistxattr lremovexattr lsetxattr removexattr removexattrat setxattr setxattrat
        """

    private static let descriptors = """
        cachestat close close_range copy_file_range dup dup2 dup3 fadvise64 fallocate fcntl \
        fdatasync flock fsync ftruncate io_cancel io_destroy io_getevents io_pgetevents io_setup \
        io_submit ioctl pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead \
        readv sendfile splice sync sync_file_range syncfs tee vmsplice write writev
        """

    private static let waiting = """
        epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait \
        epoll_wait_old eventfd eventfd2 fanotify_mark inotify_add_watch inotify_init inotify_init1 \
        inotify_rm_watch poll ppoll pselect6 select signalfd signalfd4
        """

    private static let memory = """
        brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 \
        mlockall mmap mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free \
        pkey_mprotect process_mrelease remap_file_pages
        """

    private static let processes = """
        execve execveat exit exit_group fork futex futex_requeue futex_wait futex_waitv futex_wake \
        get_robust_list get_thread_area getcpu getpgid getpgrp getpid getppid getpriority \
        getrlimit getrusage getsid gettid pause pidfd_open pidfd_send_signal prctl prlimit64 \
        process_vm_readv process_vm_writev ptrace restart_syscall rseq set_robust_list \
        set_thread_area set_tid_address setpgid setpriority setrlimit setsid sysinfo times uname \
        uretprobe vfork wait4 waitid waitpid
        """

    private static let identity = """
        capget capset getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid \
        setfsuid setgid setgroups setregid setresgid setresuid setreuid setuid
        """

    private static let time = """
        adjtimex alarm clock_adjtime clock_getres clock_gettime clock_nanosleep getitimer \
        gettimeofday nanosleep setitimer time timer_create timer_delete timer_getoverrun \
        timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime
        """

    private static let signals = """
        kill rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend \
        rt_sigtimedwait rt_tgsigqueueinfo sigaltstack sigprocmask sigreturn tgkill tkill
        """

    /// Without socketcall, the multiplexer of 32-bit x86: its arguments lie in memory, which a filter
    /// cannot read, so it would allow the address families that `DefaultSeccomp` refuses. 32-bit C
    /// libraries have not used it since glibc 2.22 and Linux 4.3. Docker's profile allows it.
    private static let sockets = """
        accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom \
        recvmmsg recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketpair
        """

    private static let communication = """
        ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget \
        msgrcv msgsnd semctl semget semop semtimedop shmat shmctl shmdt shmget
        """

    private static let scheduling = """
        ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min sched_getaffinity \
        sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity \
        sched_setattr sched_setparam sched_setscheduler sched_yield
        """

    private static let kernel = """
        getrandom landlock_add_rule landlock_create_ruleset landlock_restrict_self riscv_hwprobe \
        seccomp
        """

    /// Variants with wider numbers or times, which exist on 32-bit architectures only.
    private static let narrow = """
        _llseek _newselect chown32 clock_adjtime64 clock_getres_time64 clock_gettime64 \
        clock_nanosleep_time64 fadvise64_64 fchown32 fcntl64 fstat64 fstatat64 fstatfs64 \
        ftruncate64 futex_time64 getegid32 geteuid32 getgid32 getgroups32 getresgid32 getresuid32 \
        getuid32 io_pgetevents_time64 lchown32 lstat64 mmap2 mq_timedreceive_time64 \
        mq_timedsend_time64 ppoll_time64 pselect6_time64 recvmmsg_time64 rt_sigtimedwait_time64 \
        sched_rr_get_interval_time64 semtimedop_time64 sendfile64 setfsgid32 setfsuid32 setgid32 \
        setgroups32 setregid32 setresgid32 setresuid32 setreuid32 setuid32 stat64 statfs64 \
        timer_gettime64 timer_settime64 timerfd_gettime64 timerfd_settime64 truncate64 ugetrlimit \
        utimensat_time64
        """
}
