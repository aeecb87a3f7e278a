#pragma once
// Processes: calls that glibc 2.36 does not wrap.
#include <sys/types.h>

int clinux_pidfd_open(pid_t pid, unsigned int flags);
int clinux_pidfd_send_signal(int pidfd, int signal, unsigned int flags);
