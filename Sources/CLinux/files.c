#define _GNU_SOURCE
#include "clinux_files.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

const int clinux_o_path = O_PATH;
const int clinux_o_directory = O_DIRECTORY;
const int clinux_o_nofollow = O_NOFOLLOW;
const int clinux_o_tmpfile = O_TMPFILE;

const char *clinux_entry_name(const struct dirent *entry) {
    return entry->d_name;
}

int clinux_open(int directory, const char *path, int flags, mode_t mode) {
    return openat(directory, path, flags | O_CLOEXEC, mode);
}

int clinux_make_device(
    int directory, const char *name, int block, mode_t mode, unsigned int major,
    unsigned int minor
) {
    return mknodat(directory, name, (block ? S_IFBLK : S_IFCHR) | mode, makedev(major, minor));
}

static int open_how(int root, const char *path, int flags, mode_t mode, uint64_t resolve) {
    struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) how.mode = mode;
    // EAGAIN: a concurrent rename prevented the kernel from verifying that the path stays inside.
    for (int attempt = 0; attempt < 64; attempt++) {
        int result = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
        if (result >= 0 || errno != EAGAIN) return result;
    }
    return -1;
}

int clinux_open_in_root(int root, const char *path, int flags, mode_t mode) {
    return open_how(root, path, flags, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

int clinux_open_beneath(int root, const char *path, int flags, mode_t mode) {
    return open_how(root, path, flags, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

int clinux_mount(
    const char *source, const char *target, const char *type, unsigned long flags,
    const char *data
) {
    return mount(source, target, type, flags, data);
}

int clinux_umount(const char *target, int detach) {
    return umount2(target, UMOUNT_NOFOLLOW | (detach ? MNT_DETACH : 0));
}

int clinux_fsopen(const char *type) {
    return fsopen(type, FSOPEN_CLOEXEC);
}

int clinux_fsconfig_string(int context, const char *key, const char *value) {
    return fsconfig(context, FSCONFIG_SET_STRING, key, value, 0);
}

int clinux_fsconfig_flag(int context, const char *key) {
    return fsconfig(context, FSCONFIG_SET_FLAG, key, NULL, 0);
}

int clinux_fsconfig_create(int context) {
    return fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

int clinux_fsmount(int context, uint64_t attributes) {
    return fsmount(context, FSMOUNT_CLOEXEC, (unsigned int)attributes);
}

int clinux_open_tree(int directory, const char *path, int recursive, int clone) {
    unsigned int flags = O_CLOEXEC;
    if (clone) flags |= OPEN_TREE_CLONE;
    if (recursive) flags |= AT_RECURSIVE;
    if (path[0] == 0) flags |= AT_EMPTY_PATH;
    return open_tree(directory, path, flags);
}

int clinux_move_mount(int mount, int target_directory, const char *target) {
    unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH;
    if (target[0] == 0) flags |= MOVE_MOUNT_T_EMPTY_PATH;
    return move_mount(mount, "", target_directory, target, flags);
}

int clinux_mount_setattr(
    int directory, const char *path, int recursive, uint64_t set, uint64_t clear,
    uint64_t propagation
) {
    struct mount_attr attributes = {
        .attr_set = set, .attr_clr = clear, .propagation = propagation,
    };
    unsigned int flags = recursive ? AT_RECURSIVE : 0;
    if (path[0] == 0) flags |= AT_EMPTY_PATH;
    return mount_setattr(directory, path, flags, &attributes, sizeof attributes);
}

int clinux_pivot_root(const char *new_root, const char *put_old) {
    return (int)syscall(SYS_pivot_root, new_root, put_old);
}

int clinux_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int clinux_socket_pair(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(clinux_file_limit * sizeof(int))];
};

ssize_t clinux_send(
    int socket, const void *bytes, size_t count, const int *files, size_t file_count
) {
    struct iovec data = {(void *)(uintptr_t)bytes, count};
    union control control = {0};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
    if (file_count > clinux_file_limit) {
        errno = EINVAL;
        return -1;
    }
    if (file_count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(file_count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(file_count * sizeof(int));
        memcpy(CMSG_DATA(header), files, file_count * sizeof(int));
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t clinux_message_length(int socket) {
    return recv(socket, NULL, 0, MSG_PEEK | MSG_TRUNC);
}

int clinux_message_waits(int socket) {
    if (recv(socket, NULL, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT) >= 0) return 1;
    return errno == EAGAIN ? 0 : -1;
}

ssize_t clinux_receive(int socket, void *bytes, size_t count, int *files, size_t *file_count) {
    struct iovec data = {bytes, count};
    union control control = {0};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1,
        .msg_control = control.bytes, .msg_controllen = sizeof control.bytes,
    };
    *file_count = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
        *file_count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(files, CMSG_DATA(header), *file_count * sizeof(int));
    }
    return received;
}

static struct termios settings_before;
static volatile sig_atomic_t raw_terminal = -1;
static int keeps_signals = 0;

void clinux_leave_raw(void) {
    int terminal = raw_terminal;
    if (terminal < 0) return;
    raw_terminal = -1;
    tcsetattr(terminal, TCSANOW, &settings_before);
}

// Async-signal-safe calls only; afterwards the signal has its default effect.
static void leave_raw_and_crash(int number) {
    clinux_leave_raw();
    raise(number);
}

static void guard_raw(void) {
    static int is_guarded = 0;
    if (is_guarded) return;
    is_guarded = 1;
    atexit(clinux_leave_raw);
    const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE};
    struct sigaction action = {.sa_handler = leave_raw_and_crash, .sa_flags = SA_RESETHAND};
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
        struct sigaction present;
        // An ignored signal does not terminate the process.
        if (sigaction(crashes[index], NULL, &present) || present.sa_handler == SIG_IGN) continue;
        sigaction(crashes[index], &action, NULL);
    }
}

static int make_raw(int terminal) {
    struct termios raw = settings_before;
    if (keeps_signals) {
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
    } else {
        cfmakeraw(&raw);
    }
    return tcsetattr(terminal, TCSANOW, &raw);
}

int clinux_enter_raw(int terminal, int with_signals) {
    clinux_leave_raw();
    keeps_signals = with_signals;
    if (tcgetattr(terminal, &settings_before)) return -1;
    guard_raw();
    raw_terminal = terminal;
    if (!make_raw(terminal)) return 0;
    raw_terminal = -1;
    return -1;
}

int clinux_renew_raw(void) {
    return raw_terminal < 0 ? 0 : make_raw(raw_terminal);
}

int clinux_window_size(int terminal, uint16_t *rows, uint16_t *columns) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size)) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int clinux_set_window_size(int terminal, uint16_t rows, uint16_t columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(terminal, TIOCSWINSZ, &size);
}

int clinux_set_controlling_terminal(int terminal) {
    return ioctl(terminal, TIOCSCTTY, 0);
}

int clinux_unlock_pty(int master, int *number) {
    int locked = 0;
    if (ioctl(master, TIOCSPTLCK, &locked)) return -1;
    return ioctl(master, TIOCGPTN, number);
}

int clinux_interface_up(const char *name) {
    int socket_number = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_number < 0) return -1;
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    int result = ioctl(socket_number, SIOCGIFFLAGS, &request);
    if (result == 0) {
        request.ifr_flags |= IFF_UP;
        result = ioctl(socket_number, SIOCSIFFLAGS, &request);
    }
    int code = errno;
    close(socket_number);
    errno = code;
    return result;
}

int clinux_load_device_program(const uint64_t *instructions, uint32_t count) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)instructions;
    attributes.insn_cnt = count;
    attributes.license = (uint64_t)(uintptr_t)"Apache-2.0";
    return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
}

int clinux_attach_device_program(int program, int cgroup) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    return (int)syscall(SYS_bpf, BPF_PROG_ATTACH, &attributes, sizeof attributes);
}

uint64_t clinux_file_system(int descriptor) {
    struct statfs status;
    return fstatfs(descriptor, &status) ? 0 : (uint64_t)status.f_type;
}

int clinux_memfd(const char *name) {
    // MFD_EXEC (Linux 6.3) first: a host may forbid executable memfds without it.
    int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | 0x0010U);
    if (descriptor < 0 && errno == EINVAL)
        descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return descriptor;
}

int clinux_seal_memfd(int descriptor) {
    return fcntl(
        descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE
    );
}

int clinux_memfd_seals(int descriptor) {
    return fcntl(descriptor, F_GET_SEALS);
}

int clinux_is_read_only_overlay(int descriptor) {
    struct statfs status;
    if (fstatfs(descriptor, &status)) return -1;
    if (status.f_type != OVERLAYFS_SUPER_MAGIC) return 0;
    // The superblock's flag, which remounting does not change, is detected by opening a second
    // descriptor for writing.
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int again = open(path, O_WRONLY | O_CLOEXEC);
    if (again >= 0) {
        close(again);
        return 0;
    }
    return errno == EROFS;
}

int clinux_install_filter(const void *program, uint16_t instruction_count, unsigned int flags) {
    struct sock_fprog filter = {
        .len = instruction_count, .filter = (struct sock_filter *)(uintptr_t)program,
    };
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
}

int clinux_exchange(const char *path, const char *other)
{
    return renameat2(AT_FDCWD, path, AT_FDCWD, other, RENAME_EXCHANGE);
}
