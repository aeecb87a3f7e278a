#pragma once

/// syncfs(2), which glibc declares under _GNU_SOURCE only.
int clinux_syncfs(int descriptor);
