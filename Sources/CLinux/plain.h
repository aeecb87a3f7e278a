#pragma once
// Programs without any library, which are written into a file in memory and executed.
//
// The code of one lies in a section of its own and uses nothing outside it: no constants in memory,
// no calls. Its entry is called with the initial stack of execve: the number of arguments, then
// their addresses.
#include <stddef.h>

#define PLAIN \
    __attribute__((no_stack_protector, no_sanitize("all"), no_profile_instrument_function, no_builtin))
#define PLAIN_INLINE PLAIN static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define PLAIN_MACHINE EM_X86_64
#define PLAIN_ENTRY(section, entry, main) \
    __asm__(".pushsection " section ",\"ax\",@progbits\n" \
            ".hidden " entry "\n.globl " entry "\n" entry ":\n" \
            "  xor %ebp, %ebp\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call " main "\n" \
            ".popsection\n");

PLAIN_INLINE long plain_kernel(
    long number, long first, long second, long third, long fourth, long fifth, long sixth
) {
    long result;
    register long r10 __asm__("r10") = fourth;
    register long r8 __asm__("r8") = fifth;
    register long r9 __asm__("r9") = sixth;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
#define PLAIN_MACHINE EM_AARCH64
#define PLAIN_ENTRY(section, entry, main) \
    __asm__(".pushsection " section ",\"ax\",@progbits\n" \
            ".hidden " entry "\n.globl " entry "\n" entry ":\n" \
            "  mov x29, xzr\n  mov x0, sp\n  bl " main "\n" \
            ".popsection\n");

PLAIN_INLINE long plain_kernel(
    long number, long first, long second, long third, long fourth, long fifth, long sixth
) {
    register long call __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    register long x3 __asm__("x3") = fourth;
    register long x4 __asm__("x4") = fifth;
    register long x5 __asm__("x5") = sixth;
    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(call), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
}
#endif

/// Writes an executable of the code from `start` to `stop`, with its entry at the offset `entry`.
int clinux_write_plain(int descriptor, const char *start, const char *stop, size_t entry);
