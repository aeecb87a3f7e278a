#include "clinux_signals.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const long clinux_waiting_for_signal = SYS_rt_sigtimedwait;

static volatile sig_atomic_t forward_descriptor = -1;

static void forward(int signal) {
    int saved = errno;
    unsigned char byte = (unsigned char)signal;
    // A full pipe contains enough signals.
    ssize_t ignored = write(forward_descriptor, &byte, 1);
    (void)ignored;
    errno = saved;
}

int clinux_forward_signal(int signal, int descriptor) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = forward;
    action.sa_flags = SA_RESTART;
    forward_descriptor = descriptor;
    return sigaction(signal, &action, NULL);
}
