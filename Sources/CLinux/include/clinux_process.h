#pragma once
// Processes: calls that glibc 2.36 does not wrap, and unions Swift cannot import.
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/types.h>

int clinux_pidfd_open(pid_t pid, unsigned int flags);
int clinux_pidfd_send_signal(int pidfd, int signal, unsigned int flags);
/// Waits for a child by pidfd; returns 1 if it exited, 0 if `block` is 0 and it is running. `code`
/// is CLD_EXITED, CLD_KILLED or CLD_DUMPED, with the matching `status`.
int clinux_wait_pidfd(int pidfd, int block, int *code, int *status);
/// The wait status of an exited process as stored by the kernel (Linux 6.15); -1 if unknown.
int clinux_pidfd_exit_status(int pidfd, int *wait_status);

/// Forks the process; returns twice. Stores a pidfd in `pidfd`; `cgroup` is a directory descriptor
/// or -1.
pid_t clinux_clone(uint64_t flags, int *pidfd, int cgroup);
pid_t clinux_fork(void);
int clinux_unshare(uint64_t flags);
int clinux_setns(int descriptor, int kind);
int clinux_execve(const char *path, char *const arguments[], char *const environment[]);
/// execveat(2) of an open file.
int clinux_fexecve(int descriptor, char *const arguments[], char *const environment[]);
/// The kernel's getcwd: the length including the null; also for an unreachable directory.
int clinux_getcwd(char *buffer, int size);
/// Closes, or marks close-on-exec, all descriptors from `first` to `last`.
int clinux_close_range(unsigned int first, unsigned int last, int on_exec_only);
/// Makes the calling process the leader of the terminal's foreground group.
int clinux_take_foreground(void);
/// Gives scheduling, personality and the like of the calling process their values at boot.
/// Returns the name of the call that failed, with its reason in errno, or NULL.
const char *clinux_reset_attributes(void);
/// Makes `descriptor` available as `number`, also after execve.
int clinux_place(int descriptor, int number);
/// Restores the default action of all signals and unblocks them.
void clinux_reset_signals(void);
/// Overwrites the first argument of the command line if it is `old` and `name` is not longer.
void clinux_rename_command(const char *old, const char *name);
/// PR_SET_NAME.
int clinux_set_name(const char *name);
int clinux_prctl(int option, unsigned long value);
/// PR_CAP_AMBIENT with its operation.
int clinux_ambient(int operation, unsigned long capability);
int clinux_permitted(uint64_t *permitted);
int clinux_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable);
int clinux_setgroups(const uint32_t *groups, size_t count);
int clinux_setresgid(uint32_t group);
int clinux_setresuid(uint32_t user);
int clinux_set_limit(int pid, int resource, uint64_t soft, uint64_t hard);
int clinux_get_limit(int pid, int resource, uint64_t *soft, uint64_t *hard);
