#pragma once
// The holder of a user's namespaces.
#include <stdint.h>

/// Families of requests that are not for a socket: the network namespace, and to end as soon as no
/// other client is connected.
enum { CLINUX_HOLD_NETWORK = -1, CLINUX_HOLD_LEAVE = -2 };

/// A socket to open in the host's network namespace; `length` 0 leaves it unbound, `backlog` 0 does
/// not listen.
struct clinux_hold_request {
    int32_t family, type, protocol, backlog;
    uint32_t length;
    uint8_t address[28];
};

/// Writes the executable of the holder.
int clinux_write_hold(int descriptor);
