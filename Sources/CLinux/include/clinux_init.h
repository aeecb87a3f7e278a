#pragma once

/// Writes an executable of two programs, selected by the first argument: "init" with the process ID
/// of its child is PID 1 of containers, "exec" starts a sibling.
int clinux_write_init(int descriptor);
