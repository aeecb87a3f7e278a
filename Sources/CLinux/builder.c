#define _GNU_SOURCE
#include "clinux_builder.h"

#include <errno.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

int clinux_clone_file(int from, int to) { return ioctl(to, FICLONE, from); }

ptrdiff_t clinux_copy_range(int from, int to, size_t size) {
    return copy_file_range(from, NULL, to, NULL, size, 0);
}

ptrdiff_t clinux_list_attributes(int file, char *names, size_t size) {
    return flistxattr(file, names, size);
}

ptrdiff_t clinux_get_attribute(int file, const char *name, void *value, size_t size) {
    return fgetxattr(file, name, value, size);
}

int clinux_set_attribute(int file, const char *name, const void *value, size_t size) {
    return fsetxattr(file, name, value, size, 0);
}

int clinux_make_node(
    int directory, const char *name, char kind, unsigned int major, unsigned int minor) {
    mode_t type = kind == 'p'   ? S_IFIFO
                  : kind == 's' ? S_IFSOCK
                  : kind == 'c' ? S_IFCHR
                  : kind == 'b' ? S_IFBLK
                                : S_IFREG;
    return mknodat(directory, name, type | 0600, makedev(major, minor));
}

int clinux_spawn(const char *path, char *const arguments[], char *const environment[],
                 const int streams[3]) {
    sigset_t all, before;
    volatile int code = 0;
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = vfork();
    if (pid == 0) {
        // Until execve, only calls that are safe in a shared address space.
        for (int signal = 1; signal < NSIG; signal++) {
            struct sigaction action = {.sa_handler = SIG_DFL};
            sigaction(signal, &action, NULL);
        }
        sigset_t none;
        sigemptyset(&none);
        setpgid(0, 0);
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(125);
        for (int stream = 0; stream < 3; stream++)
            if (dup2(streams[stream], stream) < 0) { code = errno; _exit(125); }
        close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(path, arguments, environment);
        code = errno;
        _exit(125);
    }
    int failure = pid < 0 ? errno : code;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0) return pid;
    if (pid > 0) waitpid(pid, NULL, 0);
    return -failure;
}

int clinux_wait_readable(const int *descriptors, int count, int timeout_ms) {
    struct pollfd entries[8];
    if (count > 8) count = 8;
    for (int index = 0; index < count; index++)
        entries[index] = (struct pollfd){.fd = descriptors[index], .events = POLLIN};
    int ready = poll(entries, (nfds_t)count, timeout_ms);
    if (ready < 0) return -1;
    int mask = 0;
    for (int index = 0; index < count; index++)
        if (entries[index].revents != 0) mask |= 1 << index;
    return mask;
}
