#define _GNU_SOURCE
#include "clinux_process.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_pidfd_open(pid_t pid, unsigned int flags) {
    return (int)syscall(SYS_pidfd_open, pid, flags);
}

int clinux_pidfd_send_signal(int pidfd, int signal, unsigned int flags) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, flags);
}

int clinux_wait_pidfd(int pidfd, int block, int *code, int *status) {
    siginfo_t info = {0};
    if (waitid((idtype_t)3 /* P_PIDFD */, (id_t)pidfd, &info, WEXITED | (block ? 0 : WNOHANG)))
        return -1;
    if (info.si_pid == 0) return 0;
    *code = info.si_code;
    *status = info.si_status;
    return 1;
}

// The first fields of the kernel's struct pidfd_info, which older headers lack.
struct exit_record {
    uint64_t mask;
    uint64_t cgroup;
    uint32_t ids[11];
    int32_t exit_code;
    uint32_t coredump_mask;
    uint32_t spare;
};

int clinux_pidfd_exit_status(int pidfd, int *wait_status) {
    const uint64_t exit_bit = 1 << 3;
    struct exit_record record = {.mask = exit_bit};
    if (ioctl(pidfd, _IOWR(0xFF, 11, struct exit_record), &record)) return -1;
    if (!(record.mask & exit_bit)) {
        errno = ENODATA;
        return -1;
    }
    *wait_status = record.exit_code;
    return 0;
}

pid_t clinux_clone(uint64_t flags, int *pidfd, int cgroup) {
    struct clone_args arguments = {
        .flags = flags | CLONE_PIDFD,
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
    };
    if (cgroup >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)cgroup;
    }
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

// Not clone3, which seccomp filters of containers refuse.
pid_t clinux_fork(void) {
    return (pid_t)syscall(SYS_clone, (unsigned long)SIGCHLD, 0UL, 0UL, 0UL, 0UL);
}

int clinux_unshare(uint64_t flags) {
    return (int)syscall(SYS_unshare, flags);
}

int clinux_setns(int descriptor, int kind) {
    return (int)syscall(SYS_setns, descriptor, kind);
}

int clinux_execve(const char *path, char *const arguments[], char *const environment[]) {
    return execve(path, arguments, environment);
}

int clinux_fexecve(int descriptor, char *const arguments[], char *const environment[]) {
    return (int)syscall(SYS_execveat, descriptor, "", arguments, environment, AT_EMPTY_PATH);
}

int clinux_getcwd(char *buffer, int size) {
    return (int)syscall(SYS_getcwd, buffer, size);
}

int clinux_close_range(unsigned int first, unsigned int last, int on_exec_only) {
    return (int)syscall(SYS_close_range, first, last, on_exec_only ? 4U /* CLOEXEC */ : 0U);
}

// Fails harmlessly where the caller may not do this.
static int is_refused(long result) {
    return result == -1 && errno != EPERM && errno != ENOSYS;
}

const char *clinux_reset_attributes(void) {
    const struct sched_param plain = {0};
    unsigned long every_processor[128];
    memset(every_processor, 0xFF, sizeof every_processor);
    if (is_refused(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &plain)))
        return "sched_setscheduler";
    if (is_refused(setpriority(PRIO_PROCESS, 0, 0)) && errno != EACCES) return "setpriority";
    if (is_refused(syscall(SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, 0)))
        return "ioprio_set";
    if (is_refused(syscall(SYS_sched_setaffinity, 0, sizeof every_processor, every_processor)))
        return "sched_setaffinity";
    if (is_refused(personality(PER_LINUX))) return "personality";
    if (is_refused(prctl(PR_SET_TIMERSLACK, 50000UL, 0, 0, 0))) return "prctl PR_SET_TIMERSLACK";
    if (is_refused(prctl(PR_SET_SECUREBITS, 0UL, 0, 0, 0))) return "prctl PR_SET_SECUREBITS";
    if (is_refused(prctl(PR_SET_THP_DISABLE, 0UL, 0, 0, 0))) return "prctl PR_SET_THP_DISABLE";
    return NULL;
}

int clinux_place(int descriptor, int number) {
    if (descriptor == number) return fcntl(descriptor, F_SETFD, 0);
    return dup2(descriptor, number);
}

void clinux_reset_signals(void) {
    // The kernel's struct sigaction, all zero: SIG_DFL. glibc reserves two signals, which may be
    // ignored by inheritance.
    const unsigned long standard[8] = {0};
    for (int number = 1; number <= 64; number++)
        syscall(SYS_rt_sigaction, number, standard, NULL, sizeof(uint64_t));
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void clinux_rename_command(const char *old, const char *name) {
    // The arguments are contiguous in memory, after the program name.
    char *word = program_invocation_name + strlen(program_invocation_name) + 1;
    if (strcmp(word, old) == 0 && strlen(name) <= strlen(old)) strncpy(word, name, strlen(old));
}

int clinux_set_name(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

int clinux_prctl(int option, unsigned long value) {
    return prctl(option, value, 0, 0, 0);
}

int clinux_ambient(int operation, unsigned long capability) {
    return prctl(PR_CAP_AMBIENT, (unsigned long)operation, capability, 0, 0);
}

int clinux_permitted(uint64_t *permitted) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data)) return -1;
    *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    return 0;
}

int clinux_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    for (int half = 0; half < 2; half++) {
        data[half].effective = (uint32_t)(effective >> (32 * half));
        data[half].permitted = (uint32_t)(permitted >> (32 * half));
        data[half].inheritable = (uint32_t)(inheritable >> (32 * half));
    }
    return (int)syscall(SYS_capset, &header, data);
}

// Direct system calls: glibc's wrappers would signal threads that do not exist in a clone.
int clinux_setgroups(const uint32_t *groups, size_t count) {
    return (int)syscall(SYS_setgroups, count, groups);
}

int clinux_setresgid(uint32_t group) {
    return (int)syscall(SYS_setresgid, group, group, group);
}

int clinux_setresuid(uint32_t user) {
    return (int)syscall(SYS_setresuid, user, user, user);
}

int clinux_set_limit(int pid, int resource, uint64_t soft, uint64_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return prlimit(pid, (enum __rlimit_resource)resource, &limit, NULL);
}

int clinux_get_limit(int pid, int resource, uint64_t *soft, uint64_t *hard) {
    struct rlimit limit;
    if (prlimit(pid, (enum __rlimit_resource)resource, NULL, &limit)) return -1;
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return 0;
}

int clinux_take_foreground(void) {
    if (setpgid(0, 0)) return -1;
    signal(SIGTTOU, SIG_IGN);
    int result = isatty(0) ? tcsetpgrp(0, getpid()) : 0;
    signal(SIGTTOU, SIG_DFL);
    return result;
}
