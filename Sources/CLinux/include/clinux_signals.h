#pragma once
// Signal handlers: they may only make async-signal-safe calls, so they are C.

/// From now on `signal` is written as one byte to `descriptor` instead of having its usual effect.
int clinux_forward_signal(int signal, int descriptor);

/// The number of the call in which a process waits for a signal, as `/proc/PID/syscall` shows it.
extern const long clinux_waiting_for_signal;
