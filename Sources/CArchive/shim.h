#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/// openat2(2), which glibc does not wrap, with paths and links kept below `directory`.
static inline int carchive_open_in_root(int directory, const char *path, int flags) {
    struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_IN_ROOT};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}
