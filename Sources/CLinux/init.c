#define _GNU_SOURCE
#include "clinux_init.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

// A program without libraries, small enough to be PID 1 of every container. Its functions are in a
// separate section and use nothing outside of it: no constants in memory, no calls.
#define PLAIN \
    __attribute__((no_stack_protector, no_sanitize("all"), no_profile_instrument_function))
#define INIT_CODE \
    PLAIN __attribute__((section("clinux_init"), used, noinline, visibility("hidden")))

#if defined(__x86_64__)
#define MACHINE EM_X86_64
enum { PRCTL = 157, SIGTIMEDWAIT = 128, WAIT4 = 61, KILL = 62, EXIT_GROUP = 231 };

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
enum { PRCTL = 167, SIGTIMEDWAIT = 137, WAIT4 = 260, KILL = 129, EXIT_GROUP = 94 };

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
// `stack` is the initial stack of execve: the number of arguments, then their addresses. The second
// argument is the process ID of the container's program. All signals are blocked.
INIT_CODE void clinux_init_main(unsigned long *stack) {
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
