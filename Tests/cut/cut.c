// Runs a program and kills it before its N-th externally visible change.
//
//   cut N [-a] [-m WORD] [-o FILE] PROGRAM ARGUMENTS...
//
// Changes are system calls that create, write, rename, remove or flush files, start processes, or
// send messages, of all threads and children, except inside containers. The process about to make
// the N-th one receives SIGKILL before the kernel performs it; with -a all processes do. With -m only
// processes with WORD among the first words of their command lines count. A program with fewer
// changes runs to its end; with N = 0 no process is killed.
//
// Writes one line to FILE: the number of changes, and the call at which it was killed or "-".
// Exits with the program's status: 128 + signal if it was killed.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS                                                                                    \
    (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE        \
     | PTRACE_O_TRACEEXEC)

static struct {
    pid_t tasks[4096];
    int count;
} traced;

static long limit, changes;
static bool kills_all;
static const char *word;
static char place[300] = "-";

static void remember(pid_t task) {
    for (int i = 0; i < traced.count; i++)
        if (traced.tasks[i] == task) return;
    if (traced.count < 4096) traced.tasks[traced.count++] = task;
}

static void forget(pid_t task) {
    for (int i = 0; i < traced.count; i++)
        if (traced.tasks[i] == task) traced.tasks[i] = traced.tasks[--traced.count];
}

static size_t read_file(pid_t task, const char *name, char *buffer, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", task, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, buffer, size - 1);
    close(file);
    if (length < 0) length = 0;
    buffer[length] = 0;
    return (size_t)length;
}

// Returns the number after `key` in /proc/TASK/status; the last one of several.
static long status_number(pid_t task, const char *key) {
    char text[4096];
    if (!read_file(task, "status", text, sizeof text)) return -1;
    char *line = strstr(text, key);
    if (!line) return -1;
    long number = -1;
    line += strlen(key);
    for (char *end; *line && *line != '\n'; line = end) {
        long next = strtol(line, &end, 10);
        if (end == line) break;
        number = next;
    }
    return number;
}

static pid_t process_of(pid_t task) { return (pid_t)status_number(task, "\nTgid:"); }

// A process in another PID namespace belongs to a container.
static bool is_contained(pid_t task) {
    char theirs[64] = "", ours[64] = "", path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/pid", task);
    if (readlink(path, theirs, sizeof theirs - 1) < 0) return false;
    if (readlink("/proc/self/ns/pid", ours, sizeof ours - 1) < 0) return false;
    return strcmp(theirs, ours) != 0;
}

static bool is_meant(pid_t task) {
    if (!word) return true;
    char text[512];
    size_t length = read_file(task, "cmdline", text, sizeof text);
    for (size_t start = 0, seen = 0; start < length && seen < 8; seen++) {
        if (strcmp(text + start, word) == 0) return true;
        start += strlen(text + start) + 1;
    }
    return false;
}

// Returns whether a descriptor refers to persistent data, not a pipe, a terminal or /dev/null.
static bool leads_to_file(pid_t task, uint64_t number, char *name, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", task, (int)number);
    ssize_t length = readlink(path, name, size - 1);
    if (length <= 0) return false;
    name[length] = 0;
    if (strncmp(name, "/dev/", 5) == 0 || strncmp(name, "/memfd:", 7) == 0) return false;
    return name[0] == '/' || strncmp(name, "socket:", 7) == 0;
}

static void read_path(pid_t task, uint64_t address, char *name, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", task);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = memory < 0 ? -1 : pread(memory, name, size - 1, (off_t)address);
    if (memory >= 0) close(memory);
    name[length < 0 ? 0 : length] = 0;
}

static bool is_change(pid_t task, uint64_t call, const uint64_t *args, char *name, size_t size) {
    name[0] = 0;
    switch (call) {
    case SYS_openat:
        if (!(args[2] & (O_CREAT | O_TRUNC))) return false;
        read_path(task, args[1], name, size);
        return strncmp(name, "/dev/", 5) != 0;
    case SYS_mkdirat: case SYS_unlinkat: case SYS_renameat: case SYS_renameat2: case SYS_linkat:
    case SYS_mknodat: case SYS_fchmodat: case SYS_fchownat:
        read_path(task, args[1], name, size);
        return true;
    case SYS_symlinkat:
        read_path(task, args[2], name, size);
        return true;
#ifdef SYS_mkdir
    case SYS_mkdir: case SYS_rmdir: case SYS_unlink: case SYS_rename: case SYS_link: case SYS_symlink:
    case SYS_mknod: case SYS_chmod: case SYS_chown: case SYS_lchown: case SYS_truncate: case SYS_creat:
        read_path(task, args[0], name, size);
        return true;
#endif
    case SYS_mount: case SYS_umount2: case SYS_move_mount:
        read_path(task, args[1], name, size);
        return true;
    case SYS_write: case SYS_pwrite64: case SYS_writev: case SYS_ftruncate: case SYS_fsync:
    case SYS_fdatasync: case SYS_syncfs: case SYS_fchmod: case SYS_fchown: case SYS_fsetxattr:
    case SYS_fallocate: case SYS_sendmsg: case SYS_sendto:
        return leads_to_file(task, args[0], name, size);
    case SYS_splice: case SYS_copy_file_range:
        return leads_to_file(task, args[2], name, size);
    case SYS_sendfile:
        return leads_to_file(task, args[0], name, size);
    case SYS_clone3:
        return true;
    default:
        return false;
    }
}

// Examines a task that is about to make a call; returns true if it has been killed instead.
static bool cut(pid_t task) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, task, (void *)sizeof info, &info) <= 0) return false;
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
    char name[200];
    if (!is_change(task, info.entry.nr, info.entry.args, name, sizeof name)) return false;
    if (!is_meant(task) || ++changes != limit) return false;
    char who[64] = "";
    read_file(task, "comm", who, sizeof who);
    who[strcspn(who, "\n")] = 0;
    snprintf(place, sizeof place, "%s call %d %s", who, (int)info.entry.nr, name);
    if (kills_all)
        for (int i = 0; i < traced.count; i++) kill(traced.tasks[i], SIGKILL);
    else
        kill(process_of(task), SIGKILL);
    return true;
}

static void follow(pid_t first, int *first_status) {
    while (traced.count > 0) {
        int status;
        pid_t task = waitpid(-1, &status, __WALL);
        if (task < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            forget(task);
            if (task == first) {
                *first_status = status;
                return;
            }
            continue;
        }
        remember(task);
        int signal = WSTOPSIG(status), event = status >> 16;
        if (event == PTRACE_EVENT_STOP) {
            if (is_contained(task)) {
                ptrace(PTRACE_DETACH, task, 0, 0);
                forget(task);
                continue;
            }
            // A group stop lasts until SIGCONT.
            bool is_group_stop = signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN
                || signal == SIGTTOU;
            ptrace(is_group_stop ? PTRACE_LISTEN : PTRACE_SYSCALL, task, 0, 0);
        } else if (event != 0) {
            ptrace(PTRACE_SYSCALL, task, 0, 0);
        } else if (signal == (SIGTRAP | 0x80)) {
            if (!cut(task)) ptrace(PTRACE_SYSCALL, task, 0, 0);
        } else {
            ptrace(PTRACE_SYSCALL, task, 0, (void *)(long)signal);
        }
    }
}

int main(int count, char **arguments) {
    int next = 1;
    const char *report = NULL;
    if (count > next) limit = atol(arguments[next++]);
    while (next < count && arguments[next][0] == '-') {
        if (strcmp(arguments[next], "-a") == 0) kills_all = true;
        if (strcmp(arguments[next], "-m") == 0 && next + 1 < count) word = arguments[++next];
        if (strcmp(arguments[next], "-o") == 0 && next + 1 < count) report = arguments[++next];
        next++;
    }
    if (next >= count) {
        fprintf(stderr, "usage: cut N [-a] [-m WORD] [-o FILE] PROGRAM ARGUMENTS...\n");
        return 2;
    }
    pid_t first = fork();
    if (first < 0) return 2;
    if (first == 0) {
        raise(SIGSTOP);
        execvp(arguments[next], arguments + next);
        perror(arguments[next]);
        _exit(127);
    }
    int status = 0;
    if (waitpid(first, &status, WUNTRACED) != first || ptrace(PTRACE_SEIZE, first, 0, OPTIONS) != 0) {
        perror("ptrace");
        kill(first, SIGKILL);
        return 2;
    }
    remember(first);
    kill(first, SIGCONT);
    follow(first, &status);
    // Tasks that are still traced continue without a tracer.
    FILE *file = report ? fopen(report, "w") : NULL;
    if (file) {
        fprintf(file, "%ld %s\n", changes, place);
        fclose(file);
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
