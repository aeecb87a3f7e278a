#pragma once
#include <stddef.h>

/// A shared library that is loaded when it is first needed. Source: dlopen(3).
struct clinux_library {
    /// What the dynamic linker knows it by.
    const char *name;
    /// The Debian package that has it, for who finds it missing.
    const char *package;
    void *_Atomic handle;
};

/// The address of a function. Loads the library if nobody has; where it is missing the program
/// ends with a message and status 127, as it would if the library were loaded at its start.
void *clinux_find(struct clinux_library *library, const char *function);

/// Defines a function as what the library has under its name. Threads may race for the first call:
/// both find the same.
#define CLINUX_LAZY(library, result, name, parameters, arguments) \
    result name parameters {                                       \
        static result(*_Atomic function) parameters;               \
        if (function == NULL) function = clinux_find(&library, #name); \
        return function arguments;                                 \
    }
