#define _GNU_SOURCE
#include "clinux_hold.h"
#include "plain.h"
#include <errno.h>

// The holder of a user's namespaces: see HolderProgram.swift for its descriptors and arguments.
#define HOLD_CODE \
    PLAIN __attribute__((section("clinux_hold"), used, noinline, visibility("hidden")))

#if defined(__x86_64__)
enum {
    READ = 0, CLOSE = 3, SOCKET = 41, SENDMSG = 46, BIND = 49, LISTEN = 50, SETSOCKOPT = 54,
    GETSOCKOPT = 55, FLOCK = 73, PRCTL = 157, EXIT_GROUP = 231, EPOLL_CTL = 233, UNLINKAT = 263,
    PPOLL = 271, EPOLL_PWAIT = 281, ACCEPT4 = 288, EPOLL_CREATE1 = 291, PIDFD_SEND_SIGNAL = 424
};
#elif defined(__aarch64__)
enum {
    EPOLL_CREATE1 = 20, EPOLL_CTL = 21, EPOLL_PWAIT = 22, FLOCK = 32, UNLINKAT = 35, CLOSE = 57,
    READ = 63, PPOLL = 73, EXIT_GROUP = 94, PRCTL = 167, SOCKET = 198, BIND = 200, LISTEN = 201,
    SETSOCKOPT = 208, GETSOCKOPT = 209, SENDMSG = 211, ACCEPT4 = 242, PIDFD_SEND_SIGNAL = 424
};
#endif

#ifdef PLAIN_MACHINE
PLAIN_ENTRY("clinux_hold", "clinux_hold_start", "clinux_hold_main")

// Pidfds of processes that connected to an earlier holder, which was killed, follow from SURVIVORS.
enum { LISTENER = 3, NETWORK = 4, LOCK = 5, DIRECTORY = 6, UPLINK = 7, SURVIVORS = 8 };
enum { LINGER_MS = 30000 };

struct ready {
    unsigned events;
    int descriptor;
    int high;
#if defined(__x86_64__)
} __attribute__((packed));
#else
    int padding;
};
#endif

// Returns 0, or an error for a descriptor that is not open.
PLAIN_INLINE long watch(int epoll, int descriptor) {
    struct ready ready;
    ready.events = 1 /* EPOLLIN */;
#if defined(__x86_64__)
    ready.descriptor = descriptor;
#else
    // The user's data follow four bytes of padding.
    ready.high = descriptor;
#endif
    return plain_kernel(EPOLL_CTL, epoll, 1 /* EPOLL_CTL_ADD */, descriptor, (long)&ready, 0, 0);
}

PLAIN_INLINE int watched(const struct ready *ready) {
#if defined(__x86_64__)
    return ready->descriptor;
#else
    return ready->high;
#endif
}

// Sends an error code, or 0 with a descriptor.
PLAIN_INLINE void answer(int client, int error, int descriptor) {
    struct { void *base; size_t length; } part;
    struct { size_t length; int level, type, descriptor, padding; } control;
    struct {
        void *name; unsigned name_length; void *parts; size_t count;
        void *control; size_t control_length; int flags;
    } message;
    part.base = &error;
    part.length = sizeof error;
    control.length = 16 + sizeof(int);
    control.level = 1 /* SOL_SOCKET */;
    control.type = 1 /* SCM_RIGHTS */;
    control.descriptor = descriptor;
    control.padding = 0;
    message.name = 0;
    message.name_length = 0;
    message.parts = &part;
    message.count = 1;
    message.control = error ? 0 : &control;
    message.control_length = error ? 0 : sizeof control;
    message.flags = 0;
    plain_kernel(SENDMSG, client, (long)&message, 0x4040 /* MSG_NOSIGNAL, DONTWAIT */, 0, 0, 0);
}

// The id of the process at the other end.
PLAIN_INLINE int peer_process(int client) {
    struct { int pid, user, group; } peer;
    unsigned length = sizeof peer;
    peer.pid = 0;
    plain_kernel(GETSOCKOPT, client, 1, 17 /* SO_PEERCRED */, (long)&peer, (long)&length, 0);
    return peer.pid;
}

PLAIN_INLINE void open_socket(int client, const struct clinux_hold_request *request) {
    int on = 1;
    long error = 0;
    long made = plain_kernel(
        SOCKET, request->family, request->type | 0x80800 /* CLOEXEC, NONBLOCK */, request->protocol,
        0, 0, 0
    );
    if (made < 0) error = made;
    if (!error && request->family == 10 /* AF_INET6 */)
        error = plain_kernel(SETSOCKOPT, made, 41, 26 /* IPV6_V6ONLY */, (long)&on, sizeof on, 0);
    if (!error && request->type == 1 /* SOCK_STREAM */)
        error = plain_kernel(SETSOCKOPT, made, 1, 2 /* SO_REUSEADDR */, (long)&on, sizeof on, 0);
    if (!error && request->length)
        error = plain_kernel(BIND, made, (long)request->address, request->length, 0, 0, 0);
    if (!error && request->backlog)
        error = plain_kernel(LISTEN, made, request->backlog, 0, 0, 0, 0);
    answer(client, (int)-error, (int)made);
    if (made >= 0) plain_kernel(CLOSE, made, 0, 0, 0, 0, 0);
}

// Ends the way out of the network and this process, unless a client connects at this moment: one
// that starts a holder has the lock.
PLAIN_INLINE void end(int epoll, unsigned long *stack) {
    struct ready ready;
    if (plain_kernel(FLOCK, LOCK, 2 | 4 /* LOCK_EX, LOCK_NB */, 0, 0, 0, 0) < 0) return;
    if (plain_kernel(EPOLL_PWAIT, epoll, (long)&ready, 1, 0, 0, 8) != 0) {
        plain_kernel(FLOCK, LOCK, 8 /* LOCK_UN */, 0, 0, 0, 0);
        return;
    }
    struct { long seconds, nanoseconds; } patience;
    struct { int descriptor; short events, ready; } uplink;
    for (int signal = 15; signal > 0; signal -= 6) {
        if (plain_kernel(PIDFD_SEND_SIGNAL, UPLINK, signal, 0, 0, 0, 0) < 0) break;
        patience.seconds = 2;
        patience.nanoseconds = 0;
        uplink.descriptor = UPLINK;
        uplink.events = 1 /* POLLIN */;
        if (plain_kernel(PPOLL, (long)&uplink, 1, (long)&patience, 0, 8, 0) > 0) break;
    }
    for (char **name = (char **)(stack + 2); *name; name++)
        plain_kernel(UNLINKAT, DIRECTORY, (long)*name, 0, 0, 0, 0);
    plain_kernel(EXIT_GROUP, 0, 0, 0, 0, 0, 0);
}

HOLD_CODE void clinux_hold_main(unsigned long *stack) {
    unsigned long name = 0x7265646C6F68;  // "holder"
    plain_kernel(PRCTL, 15 /* PR_SET_NAME */, (long)&name, 0, 0, 0, 0);
    int epoll = (int)plain_kernel(EPOLL_CREATE1, 0x80000, 0, 0, 0, 0, 0);
    int clients = 0;
    // The command that removed the last project, while it is connected.
    int leaver = 0;
    // That command has asked for the end, and no other has connected since: do not linger.
    int leaving = 0;
    watch(epoll, LISTENER);
    // A pidfd is like a connection: readable, without anything to read, once its process has exited.
    for (int survivor = SURVIVORS; watch(epoll, survivor) == 0; survivor++) clients++;
    for (;;) {
        struct ready ready;
        long timeout = clients == 0 ? LINGER_MS : -1;
        long count = plain_kernel(EPOLL_PWAIT, epoll, (long)&ready, 1, timeout, 0, 8);
        if (count == 0) end(epoll, stack);
        if (count <= 0) continue;
        int descriptor = watched(&ready);
        if (descriptor == LISTENER) {
            long client = plain_kernel(ACCEPT4, LISTENER, 0, 0, 0x80000, 0, 0);
            if (client < 0) continue;
            struct { int pid, user, group; } peer;
            unsigned length = sizeof peer;
            peer.user = -1;
            plain_kernel(GETSOCKOPT, client, 1, 17 /* SO_PEERCRED */, (long)&peer, (long)&length, 0);
            if (peer.user != 0) {
                plain_kernel(CLOSE, client, 0, 0, 0, 0, 0);
                continue;
            }
            clients++;
            leaving = 0;
            leaver = 0;
            watch(epoll, (int)client);
            continue;
        }
        struct clinux_hold_request request;
        long size = plain_kernel(READ, descriptor, (long)&request, sizeof request, 0, 0, 0);
        if (size <= 0) {
            // The other connections are no longer those of the leaver alone.
            if (peer_process(descriptor) == leaver) leaver = 0;
            plain_kernel(CLOSE, descriptor, 0, 0, 0, 0, 0);
            clients--;
            if (leaving && clients == 0) end(epoll, stack);
        } else if (size != sizeof request) {
            answer(descriptor, 22 /* EINVAL */, -1);
        } else if (request.family == CLINUX_HOLD_NETWORK) {
            answer(descriptor, 0, NETWORK);
        } else if (request.family == CLINUX_HOLD_LEAVE) {
            leaving = 1;
            leaver = peer_process(descriptor);
        } else {
            open_socket(descriptor, &request);
        }
        // The command that asked for the end has two connections, and waits until they close.
        if (leaver && clients == 2) end(epoll, stack);
    }
}

extern const char __start_clinux_hold[] __attribute__((visibility("hidden")));
extern const char __stop_clinux_hold[] __attribute__((visibility("hidden")));
extern const char clinux_hold_start[] __attribute__((visibility("hidden")));

int clinux_write_hold(int descriptor) {
    const size_t entry = (size_t)(clinux_hold_start - __start_clinux_hold);
    return clinux_write_plain(descriptor, __start_clinux_hold, __stop_clinux_hold, entry);
}
#else
int clinux_write_hold(int descriptor) {
    (void)descriptor;
    errno = ENOSYS;
    return -1;
}
#endif
