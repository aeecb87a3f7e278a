// The functions of libnftables in use, bound on the first call: it and its dependencies take 1 ms
// to load, and few commands use the network.
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
