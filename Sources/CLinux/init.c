#define _GNU_SOURCE
#include "clinux_init.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

// Two programs without any library, in one file: the init process of a container, and the starter
// of a process in another PID namespace. Their code lies in a section of its own and uses nothing
// outside it: no constants in memory, no calls.
#define PLAIN \
    __attribute__((no_stack_protector, no_sanitize("all"), no_profile_instrument_function))
#define INIT_CODE \
    PLAIN __attribute__((section("clinux_init"), used, noinline, visibility("hidden")))

#if defined(__x86_64__)
#define MACHINE EM_X86_64
enum {
    WRITE = 1, IOCTL = 16, CLONE = 56, EXECVE = 59, WAIT4 = 61, KILL = 62, FCNTL = 72, SETSID = 112,
    SIGTIMEDWAIT = 128, PRCTL = 157, EXIT_GROUP = 231
};

PLAIN static inline __attribute__((always_inline)) long kernel(
    long number, long first, long second, long third, long fourth
) {
    long result;
    register long last __asm__("r10") = fourth;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(last)
                     : "rcx", "r11", "memory");
    return result;
}

__asm__(
    ".pushsection clinux_init,\"ax\",@progbits\n"
    ".hidden clinux_init_start\n.globl clinux_init_start\n"
    "clinux_init_start:\n"
    "  xor %ebp, %ebp\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call clinux_init_main\n"
    ".popsection\n"
);
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
enum {
    FCNTL = 25, IOCTL = 29, WRITE = 64, EXIT_GROUP = 94, KILL = 129, SIGTIMEDWAIT = 137,
    SETSID = 157, PRCTL = 167, CLONE = 220, EXECVE = 221, WAIT4 = 260
};

PLAIN static inline __attribute__((always_inline)) long kernel(
    long number, long first, long second, long third, long fourth
) {
    register long call __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    register long x3 __asm__("x3") = fourth;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(call), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}

__asm__(
    ".pushsection clinux_init,\"ax\",@progbits\n"
    ".hidden clinux_init_start\n.globl clinux_init_start\n"
    "clinux_init_start:\n"
    "  mov x29, xzr\n  mov x0, sp\n  bl clinux_init_main\n"
    ".popsection\n"
);
#endif

#ifdef MACHINE
// Starts a program as a sibling, the child of this process's parent. Arguments: "exec", options,
// the paths to try, an empty one, and the program's own arguments.
//
// Descriptor 3 takes records of two numbers after an "r". This process writes 0 and the sibling's
// pid, or the reason why there is none and -1. The sibling, when it cannot execute the program, writes the
// reason and the index of the path that was refused.
PLAIN static inline __attribute__((always_inline)) void start_sibling(unsigned long *stack) {
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
    // Not clone3: the filters of containers refuse it.
    long child = kernel(CLONE, 0x8000 /* CLONE_PARENT */ | 17 /* SIGCHLD */, 0, 0, 0);
    if (child != 0) {
        record.error = child < 0 ? (int)-child : 0;
        record.value = child < 0 ? -1 : (int)child;
        kernel(WRITE, 3, (long)&record, sizeof record, 0);
        kernel(EXIT_GROUP, child < 0 ? 125 : 0, 0, 0, 0);
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
PLAIN static inline __attribute__((always_inline)) void serve_child(unsigned long *stack) {
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
    const size_t length = (size_t)(__stop_clinux_init - __start_clinux_init);
    const Elf64_Addr base = 0x10000;
    struct {
        Elf64_Ehdr file;
        Elf64_Phdr parts[2];
    } header = {
        .file = {
            .e_ident = {0x7F, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
            .e_type = ET_EXEC,
            .e_machine = MACHINE,
            .e_version = EV_CURRENT,
            .e_phoff = sizeof(Elf64_Ehdr),
            .e_ehsize = sizeof(Elf64_Ehdr),
            .e_phentsize = sizeof(Elf64_Phdr),
            .e_phnum = 2,
        },
        .parts = {
            {.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = base, .p_align = 0x1000},
            {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16},
        },
    };
    const Elf64_Addr offset = (Elf64_Addr)(clinux_init_start - __start_clinux_init);
    header.file.e_entry = base + sizeof header + offset;
    header.parts[0].p_filesz = header.parts[0].p_memsz = sizeof header + length;
    if (write(descriptor, &header, sizeof header) != (ssize_t)sizeof header) return -1;
    return write(descriptor, __start_clinux_init, length) == (ssize_t)length ? 0 : -1;
}
#else
int clinux_write_init(int descriptor) {
    (void)descriptor;
    errno = ENOSYS;
    return -1;
}
#endif
