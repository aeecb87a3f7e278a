// The functions of libnftables in use, bound on the first call: it and its dependencies take 1 ms
// to load, and few commands use the network.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
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

// Shares neither descriptors nor the working directory with the process: the latter would keep its
// main thread from entering mount namespaces until this thread is gone. Source: setns(2).
static void *run_apart(void *argument) {
    struct request *request = argument;
    int apart = unshare(CLONE_FS) == 0 && close_range(3, UINT_MAX, CLOSE_RANGE_UNSHARE) == 0;
    request->error = apart ? run(request) : errno;
    return NULL;
}

int cnftables_run(const char *script, unsigned flags, struct cnftables_outcome *outcome) {
    struct request request = {.script = script, .flags = flags, .outcome = outcome};
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run_apart, &request);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    if (error != 0) return error;
    pthread_join(thread, NULL);
    return request.error;
}
