#define _GNU_SOURCE
#include "clinux_builder.h"

#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
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
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t pid = 0;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return -code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return -code;
    }
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    for (int stream = 0; stream < 3 && code == 0; stream++)
        code = posix_spawn_file_actions_adddup2(&actions, streams[stream], stream);
    if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (code == 0) code = posix_spawn(&pid, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code == 0 ? pid : -code;
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
