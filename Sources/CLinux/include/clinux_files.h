#pragma once
// Files, mounts and terminals: calls that glibc does not wrap or Swift cannot import.
#include <dirent.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/types.h>

/// The name inside a directory entry, valid as long as the entry.
const char *clinux_entry_name(const struct dirent *entry);
int clinux_open(int directory, const char *path, int flags, mode_t mode);
/// openat2(2), with `path` resolved as if `root` were the root directory.
int clinux_open_in_root(int root, const char *path, int flags, mode_t mode);
/// As above, without following symbolic links.
int clinux_open_beneath(int root, const char *path, int flags, mode_t mode);

/// renameat2(2) with RENAME_EXCHANGE.
int clinux_exchange(const char *path, const char *other);

/// mknodat(2) of a device.
int clinux_make_device(
    int directory, const char *name, int block, mode_t mode, unsigned int major,
    unsigned int minor
);

extern const int clinux_o_path;
extern const int clinux_o_directory;
extern const int clinux_o_nofollow;
extern const int clinux_o_tmpfile;

int clinux_mount(
    const char *source, const char *target, const char *type, unsigned long flags,
    const char *data
);
int clinux_umount(const char *target, int detach);
int clinux_fsopen(const char *type);
int clinux_fsconfig_string(int context, const char *key, const char *value);
int clinux_fsconfig_flag(int context, const char *key);
int clinux_fsconfig_create(int context);
int clinux_fsmount(int context, uint64_t attributes);
int clinux_open_tree(int directory, const char *path, int recursive, int clone);
int clinux_move_mount(int mount, int target_directory, const char *target);
int clinux_mount_setattr(
    int directory, const char *path, int recursive, uint64_t set, uint64_t clear,
    uint64_t propagation
);
int clinux_pivot_root(const char *new_root, const char *put_old);

/// Both ends closed on exec.
int clinux_pipe(int ends[2]);
/// A pair of connected sockets that keep message boundaries, closed on exec.
int clinux_socket_pair(int ends[2]);
/// The maximum number of descriptors in a message.
enum { clinux_file_limit = 32 };
/// Sends a message with `file_count` descriptors; EINVAL above the limit.
ssize_t clinux_send(
    int socket, const void *bytes, size_t count, const int *files, size_t file_count
);
/// The length of the next message, without consuming it; 0 at the end.
ssize_t clinux_message_length(int socket);
/// 1 if a message or the end is pending, otherwise 0.
int clinux_message_waits(int socket);
/// Receives a message; its descriptors are stored in `files`, which has room for the limit.
ssize_t clinux_receive(int socket, void *bytes, size_t count, int *files, size_t *file_count);

/// Puts the terminal into raw mode until `clinux_leave_raw`, exit or crash. One terminal at a time.
int clinux_enter_raw(int terminal, int with_signals);
/// Enters raw mode again after another program changed the terminal.
int clinux_renew_raw(void);
void clinux_leave_raw(void);
int clinux_window_size(int terminal, uint16_t *rows, uint16_t *columns);
int clinux_set_window_size(int terminal, uint16_t rows, uint16_t columns);
int clinux_set_controlling_terminal(int terminal);
int clinux_unlock_pty(int master, int *number);

int clinux_interface_up(const char *name);
/// BPF_PROG_LOAD of a cgroup device program, and its attachment to a cgroup directory.
int clinux_load_device_program(const uint64_t *instructions, uint32_t count);
int clinux_attach_device_program(int program, int cgroup);
/// The magic number of the file system of an open file; 0 if unknown.
uint64_t clinux_file_system(int descriptor);
int clinux_memfd(const char *name);
int clinux_seal_memfd(int descriptor);
int clinux_memfd_seals(int descriptor);
/// 1 for a file on an overlay file system without an upper directory.
int clinux_is_read_only_overlay(int descriptor);
int clinux_install_filter(const void *program, uint16_t instruction_count, unsigned int flags);
