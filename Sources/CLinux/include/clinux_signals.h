#pragma once
// Signal handlers, in C because only async-signal-safe calls are permitted.

/// Installs a handler that writes `signal` as one byte to `descriptor`.
int clinux_forward_signal(int signal, int descriptor);

/// The number of rt_sigtimedwait(2), as shown in `/proc/PID/syscall`.
extern const long clinux_waiting_for_signal;
