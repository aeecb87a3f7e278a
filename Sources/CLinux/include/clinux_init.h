#pragma once

/// Writes the executable of PID 1 of containers; its second argument is the process ID of its
/// child.
int clinux_write_init(int descriptor);
