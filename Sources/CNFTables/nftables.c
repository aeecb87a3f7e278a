// The functions of libnftables in use, bound on the first call: it and its dependencies take 1 ms
// to load, and few commands use the network.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/close_range.h>

#pragma GCC visibility push(hidden)
#include "cnftables.h"
#include <clinux_library.h>

#define LAZY(result, name, parameters, arguments) \
    CLINUX_LAZY(libnftables, result, name, parameters, arguments)

static struct clinux_library libnftables = {"libnftables.so.1", "libnftables1"};

LAZY(int, nft_ctx_buffer_error, (struct nft_ctx *a), (a))
LAZY(int, nft_ctx_buffer_output, (struct nft_ctx *a), (a))
LAZY(void, nft_ctx_free, (struct nft_ctx *a), (a))
LAZY(const char *, nft_ctx_get_error_buffer, (struct nft_ctx *a), (a))
LAZY(const char *, nft_ctx_get_output_buffer, (struct nft_ctx *a), (a))
LAZY(struct nft_ctx *, nft_ctx_new, (uint32_t a), (a))
LAZY(void, nft_ctx_output_set_flags, (struct nft_ctx *a, unsigned int b), (a, b))
LAZY(int, nft_run_cmd_from_buffer, (struct nft_ctx *a, const char *b), (a, b))

struct request {
    const char *script;
    unsigned flags;
    struct cnftables_outcome *outcome;
    int error;
};

static char *copy(const char *text) { return text == NULL ? NULL : strdup(text); }

static int run(const struct request *request) {
    struct nft_ctx *context = nft_ctx_new(NFT_CTX_DEFAULT);
    if (context == NULL) return ENOMEM;
    nft_ctx_buffer_output(context);
    nft_ctx_buffer_error(context);
    nft_ctx_output_set_flags(context, request->flags);
    struct cnftables_outcome *outcome = request->outcome;
    outcome->status = nft_run_cmd_from_buffer(context, request->script);
    outcome->output = copy(nft_ctx_get_output_buffer(context));
    outcome->message = copy(nft_ctx_get_error_buffer(context));
    nft_ctx_free(context);
    return 0;
}

static int run_without_descriptors(void *argument) {
    struct request *request = argument;
    int isolated = close_range(3, UINT_MAX, CLOSE_RANGE_UNSHARE) == 0;
    request->error = isolated ? run(request) : errno;
    return 0;
}

// Enough for the library's parser; only the pages in use take memory.
enum { STACK_SIZE = 1 << 20 };

// Not a thread: the caller must have a single one to create containers and to enter namespaces, and
// pthread_join(3) returns before the kernel has removed the thread. The child shares the memory and
// the caller waits for it, as with vfork(2). Without an exit signal, only __WALL finds it.
static int run_in_child(struct request *request, char *stack) {
    request->error = ECHILD;
    int flags = CLONE_VM | CLONE_VFORK | CLONE_FILES;
    pid_t child = clone(run_without_descriptors, stack + STACK_SIZE, flags, request);
    if (child == -1) return errno;
    while (waitpid(child, NULL, __WALL) == -1)
        if (errno != EINTR) return errno;
    return request->error;
}

int cnftables_run(const char *script, unsigned flags, struct cnftables_outcome *outcome) {
    struct request request = {.script = script, .flags = flags, .outcome = outcome};
    int kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK;
    char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, kind, -1, 0);
    if (stack == MAP_FAILED) return errno;
    // A handler in the child would run twice on the same memory.
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    int error = run_in_child(&request, stack);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    munmap(stack, STACK_SIZE);
    return error;
}
