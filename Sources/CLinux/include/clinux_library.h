#pragma once
#include <stddef.h>

/// A shared library that is loaded on first use. Source: dlopen(3).
struct clinux_library {
    /// The name for the dynamic linker.
    const char *name;
    /// The Debian package that contains it, for an error message.
    const char *package;
    void *_Atomic handle;
};

/// The address of a function. Loads the library if needed; if it is missing, the program exits with
/// a message and status 127, as if the library were loaded at startup.
void *clinux_find(struct clinux_library *library, const char *function);

/// Defines a function that calls the library's function of the same name. The first call is
/// thread-safe: all threads find the same address.
#define CLINUX_LAZY(library, result, name, parameters, arguments) \
    result name parameters {                                       \
        static result(*_Atomic function) parameters;               \
        if (function == NULL) function = clinux_find(&library, #name); \
        return function arguments;                                 \
    }
