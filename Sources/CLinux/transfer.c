#define _GNU_SOURCE
#include "clinux_transfer.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

ssize_t clinux_splice_to_file(int pipe, int file, int64_t *offset, size_t limit) {
    return splice(pipe, NULL, file, offset, limit, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

int clinux_set_pipe_size(int pipe, int size) {
    return fcntl(pipe, F_SETPIPE_SZ, size);
}

const void *clinux_memrchr(const void *bytes, int byte, size_t count) {
    return memrchr(bytes, byte, count);
}

int clinux_local_socket(const char *path, int type, int listening) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int number = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (number < 0) return -1;
    const struct sockaddr *name = (const struct sockaddr *)&address;
    int result = listening ? bind(number, name, sizeof address)
                           : connect(number, name, sizeof address);
    if (result == 0 && listening) result = listen(number, 128);
    if (result == 0 && !listening && type == SOCK_SEQPACKET) {
        const struct timeval patience = {.tv_sec = 2};
        result = setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    if (result == 0) return number;
    int reason = errno;
    close(number);
    errno = reason;
    return -1;
}

int clinux_peer(int socket, int *pid, unsigned int *user) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length)) return -1;
    *pid = peer.pid;
    *user = peer.uid;
    return 0;
}

int clinux_accept_waiting(int socket) {
    return accept4(socket, NULL, NULL, SOCK_CLOEXEC);
}

int clinux_accept_local(int socket) {
    return accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

struct work {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct work work = *(struct work *)argument;
    free(argument);
    work.body(work.context);
    return NULL;
}

int clinux_thread(void (*body)(void *), void *context) {
    struct work *work = malloc(sizeof *work);
    if (!work) return ENOMEM;
    *work = (struct work){body, context};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int result = pthread_create(&thread, &attributes, run, work);
    pthread_attr_destroy(&attributes);
    if (result) free(work);
    return result;
}

int clinux_spawn_session(
    pid_t *pid, const char *path, char *const arguments[], const int *descriptors, int count,
    int new_session
) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    // Duplicate above all targets first, so that no target overwrites a source.
    int copies[16], result = count > 16 ? EINVAL : 0, made = 0;
    for (; !result && made < count; made++) {
        copies[made] = fcntl(descriptors[made], F_DUPFD_CLOEXEC, 16);
        if (copies[made] < 0) {
            result = errno;
            break;
        }
        result = posix_spawn_file_actions_adddup2(&actions, copies[made], made);
    }
    if (!result) result = posix_spawn_file_actions_addclosefrom_np(&actions, count);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    posix_spawnattr_setflags(&attributes, flags | (new_session ? POSIX_SPAWN_SETSID : 0));
    if (!result) result = posix_spawn(pid, path, &actions, &attributes, arguments, environ);
    for (int index = 0; index < made; index++) close(copies[index]);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}
