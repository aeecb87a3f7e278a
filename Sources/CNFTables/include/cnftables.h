#pragma once
#include <nftables/libnftables.h>

/// The outcome of a script. Both texts are null or owned by the caller, who releases them with
/// free(3).
struct cnftables_outcome {
    /// 0 if the script was executed as a whole; negative if none of it was.
    int status;
    char *output;
    char *message;
};

/// Runs `script` in the calling thread's network namespace, with the output `flags` of
/// nft_ctx_output_set_flags.
///
/// libnftables passes its socket to select(2), and glibc aborts a process that does so with a number
/// of 1024 or more. Supervisors of many containers have more descriptors than that, so the library
/// runs with a descriptor table of its own.
///
/// Returns 0 and sets `outcome`, or returns an error number.
int cnftables_run(const char *script, unsigned flags, struct cnftables_outcome *outcome);
