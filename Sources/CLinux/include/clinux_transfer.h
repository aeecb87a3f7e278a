#pragma once
// Pipes, watched files and threads: calls behind _GNU_SOURCE and variadic ones.
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/types.h>

/// Moves bytes from a pipe to a file at `*offset` without blocking.
ssize_t clinux_splice_to_file(int pipe, int file, int64_t *offset, size_t limit);
int clinux_set_pipe_size(int pipe, int size);
const void *clinux_memrchr(const void *bytes, int byte, size_t count);
/// Binds (`listening` 1) or connects a stream socket at a path of at most 107 bytes. `type` is
/// SOCK_STREAM or SOCK_SEQPACKET; sends of a SOCK_SEQPACKET client time out after two seconds.
int clinux_local_socket(const char *path, int type, int listening);
int clinux_accept_local(int socket);
/// The same for a blocking connection.
int clinux_accept_waiting(int socket);
/// The process that connected or listens at the other end, and its user.
int clinux_peer(int socket, int *pid, unsigned int *user);

/// Runs `body(context)` on a new detached thread; returns 0 or an errno value.
int clinux_thread(void (*body)(void *), void *context);

/// Starts a program; `descriptors` become its 0, 1, 2 and so on, all others are closed. Returns 0
/// or an errno value.
int clinux_spawn_session(
    pid_t *pid, const char *path, char *const arguments[], const int *descriptors, int count,
    int new_session
);
