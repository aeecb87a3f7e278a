#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/// openat2(2), which glibc does not wrap, confined to `directory`.
static inline int carchive_open_in_root(int directory, const char *path, int flags) {
    struct open_how how = {
        .flags = (uint64_t)flags, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    // EAGAIN: a concurrent rename prevented the kernel from verifying that the path stays inside.
    for (int attempt = 0; attempt < 64; attempt++) {
        int result = (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
        if (result >= 0 || errno != EAGAIN) return result;
    }
    return -1;
}

/// O_PATH, which glibc defines only with _GNU_SOURCE.
static const int carchive_o_path = 010000000;
