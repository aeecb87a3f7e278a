#define _GNU_SOURCE
#include "clinux_synchronize.h"

#include <unistd.h>

int clinux_syncfs(int descriptor) { return syncfs(descriptor); }
