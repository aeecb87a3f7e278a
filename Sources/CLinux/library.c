#include "clinux_library.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void give_up(const struct clinux_library *library) {
    fprintf(stderr, "swiftcompose: %s; it is in Debian's package %s\n", dlerror(), library->package);
    exit(127);
}

void *clinux_find(struct clinux_library *library, const char *function) {
    if (library->handle == NULL) {
        void *handle = dlopen(library->name, RTLD_NOW | RTLD_LOCAL);
        if (handle == NULL) give_up(library);
        library->handle = handle;
    }
    void *address = dlsym(library->handle, function);
    if (address == NULL) give_up(library);
    return address;
}
