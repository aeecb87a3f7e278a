#pragma once

/// Writes the program that is PID 1 of containers, as an executable file; its second argument is
/// the pid of the child that it serves.
int clinux_write_init(int descriptor);
