#pragma once
// Sockets and rtnetlink: macros and calls that Swift cannot import.
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stddef.h>
#include <sys/types.h>

/// Accepts a connection; the new socket is nonblocking and closed on exec.
int clinux_accept(int socket);
/// Moves at most `count` bytes between a pipe and a socket without copying or blocking; a closed
/// peer causes EPIPE and no signal.
ssize_t clinux_splice(int from, int to, size_t count);
