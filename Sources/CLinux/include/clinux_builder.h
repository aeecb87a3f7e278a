#pragma once
// Copying files and starting programs: ioctls and structures that Swift cannot import.
#include <stddef.h>

/// Makes `to` share all blocks of `from`.
int clinux_clone_file(int from, int to);
/// Copies up to `size` bytes between the current offsets of two files.
ptrdiff_t clinux_copy_range(int from, int to, size_t size);
ptrdiff_t clinux_list_attributes(int file, char *names, size_t size);
ptrdiff_t clinux_get_attribute(int file, const char *name, void *value, size_t size);
int clinux_set_attribute(int file, const char *name, const void *value, size_t size);
/// Creates a node; `kind` is p, s, c, b or f for a FIFO, socket, device or regular file.
int clinux_make_node(
    int directory, const char *name, char kind, unsigned int major, unsigned int minor);
/// Starts a program in its own process group, killed when the calling thread exits; returns its
/// process ID or the negative error number.
int clinux_spawn(const char *path, char *const arguments[], char *const environment[],
                 const int streams[3]);
/// Waits until any of up to eight descriptors is readable or at its end; returns a bit for each.
int clinux_wait_readable(const int *descriptors, int count, int timeout_ms);
