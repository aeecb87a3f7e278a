#define _GNU_SOURCE
#include "clinux_init.h"
#include "plain.h"
#include <errno.h>

// Two programs without any library, in one file: the init process of a container, and the starter
// of a process in another PID namespace.
#define INIT_CODE \
    PLAIN __attribute__((section("clinux_init"), used, noinline, visibility("hidden")))

#if defined(__x86_64__)
enum {
    READ = 0, WRITE = 1, CLOSE = 3, IOCTL = 16, CLONE = 56, EXECVE = 59, WAIT4 = 61, KILL = 62,
    FCNTL = 72, SETSID = 112, SIGTIMEDWAIT = 128, PRCTL = 157, EXIT_GROUP = 231, PIPE2 = 293
};
#elif defined(__aarch64__)
enum {
    FCNTL = 25, IOCTL = 29, CLOSE = 57, PIPE2 = 59, READ = 63, WRITE = 64, EXIT_GROUP = 94,
    KILL = 129, SIGTIMEDWAIT = 137, SETSID = 157, PRCTL = 167, CLONE = 220, EXECVE = 221, WAIT4 = 260
};
#endif

#ifdef PLAIN_MACHINE
PLAIN_ENTRY("clinux_init", "clinux_init_start", "clinux_init_main")

PLAIN_INLINE long kernel(long number, long first, long second, long third, long fourth) {
    return plain_kernel(number, first, second, third, fourth, 0, 0);
}

// Starts a program as a sibling, the child of this process's parent. Arguments: "exec", options,
// the paths to try, an empty one, and the program's own arguments.
//
// Descriptor 3 takes records of two numbers after an "r". This process writes 0 and the sibling's
// pid, or the reason why there is none and -1. The sibling, when it cannot execute the program, writes the
// reason and the index of the path that was refused.
//
// Until its pid has been reported, the sibling stays in the process group of this process, where a
// parent that gets no report finds it; if this process is killed before, the sibling exits.
PLAIN_INLINE void start_sibling(unsigned long *stack) {
    char **arguments = (char **)(stack + 1);
    char **paths = arguments + 2;
    char **program = paths;
    while (**program) program++;
    program++;
    char **environment = program;
    while (*environment) environment++;
    environment++;
    struct {
        int kind;
        int error;
        int value;
    } record;
    record.kind = 'r';
    kernel(FCNTL, 3, 2 /* F_SETFD */, 1 /* FD_CLOEXEC */, 0);
    struct {
        int reading;
        int writing;
    } pipe;
    // A filter may refuse it; the sibling then does not wait for the report.
    int waits = kernel(PIPE2, (long)&pipe, 0x80000 /* O_CLOEXEC */, 0, 0) == 0;
    // Not clone3: the filters of containers refuse it.
    long child = kernel(CLONE, 0x8000 /* CLONE_PARENT */ | 17 /* SIGCHLD */, 0, 0, 0);
    if (child != 0) {
        record.error = child < 0 ? (int)-child : 0;
        record.value = child < 0 ? -1 : (int)child;
        kernel(WRITE, 3, (long)&record, sizeof record, 0);
        if (waits) kernel(WRITE, pipe.writing, (long)&record, 1, 0);
        kernel(EXIT_GROUP, child < 0 ? 125 : 0, 0, 0, 0);
    }
    if (waits) {
        char byte;
        kernel(CLOSE, pipe.writing, 0, 0, 0);
        if (kernel(READ, pipe.reading, (long)&byte, 1, 0) == 0) kernel(EXIT_GROUP, 125, 0, 0, 0);
    }
    // A filter may refuse these; the program then runs without a session of its own.
    kernel(SETSID, 0, 0, 0, 0);
    for (const char *option = arguments[1]; *option; option++) {
        if (*option == 't') kernel(IOCTL, 0, 0x540E /* TIOCSCTTY */, 0, 0);
        if (*option == 'k') kernel(PRCTL, 1 /* PR_SET_PDEATHSIG */, 9 /* SIGKILL */, 0, 0);
    }
    record.error = 2 /* ENOENT */;
    record.value = 0;
    // As execvp(3): other errors than a missing or forbidden file end the search.
    for (int index = 0; *paths[index]; index++) {
        int error = (int)-kernel(EXECVE, (long)paths[index], (long)program, (long)environment, 0);
        if (error == 2 /* ENOENT */ || error == 20 /* ENOTDIR */) continue;
        record.error = error;
        record.value = index;
        if (error != 13 /* EACCES */) break;
    }
    kernel(WRITE, 3, (long)&record, sizeof record, 0);
    kernel(EXIT_GROUP, record.error == 2 ? 127 : 126, 0, 0, 0);
}

// Serves a child as PID 1. Arguments: "init" and the pid of the child. All signals are blocked.
PLAIN_INLINE void serve_child(unsigned long *stack) {
    unsigned long name = 0x74696E69;  // "init"
    kernel(PRCTL, 15 /* PR_SET_NAME */, (long)&name, 0, 0);
    long child = 0;
    for (const char *digit = (const char *)stack[2]; *digit; digit++)
        child = child * 10 + (*digit - '0');
    unsigned long all = ~0UL;
    for (;;) {
        int status;
        long ended;
        while ((ended = kernel(WAIT4, -1, (long)&status, 1 /* WNOHANG */, 0)) > 0) {
            if (ended != child) continue;
            int signal = status & 0x7F;
            kernel(EXIT_GROUP, signal ? 128 + signal : (status >> 8) & 0xFF, 0, 0, 0);
        }
        long number = kernel(SIGTIMEDWAIT, (long)&all, 0, 0, sizeof all);
        if (number > 0 && number != 17 /* SIGCHLD */) kernel(KILL, child, number, 0, 0);
    }
}

// `stack` is the initial stack of execve: the number of arguments, then their addresses.
INIT_CODE void clinux_init_main(unsigned long *stack) {
    if (*(const char *)stack[1] == 'e') start_sibling(stack);
    serve_child(stack);
}

extern const char __start_clinux_init[] __attribute__((visibility("hidden")));
extern const char __stop_clinux_init[] __attribute__((visibility("hidden")));
extern const char clinux_init_start[] __attribute__((visibility("hidden")));

int clinux_write_init(int descriptor) {
    const size_t entry = (size_t)(clinux_init_start - __start_clinux_init);
    return clinux_write_plain(descriptor, __start_clinux_init, __stop_clinux_init, entry);
}
#else
int clinux_write_init(int descriptor) {
    (void)descriptor;
    errno = ENOSYS;
    return -1;
}
#endif
