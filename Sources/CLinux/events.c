#define _GNU_SOURCE
#include "clinux_events.h"
#include <stddef.h>

static int control(int epoll, int operation, int descriptor, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = descriptor};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int clinux_epoll_add(int epoll, int descriptor, uint32_t events) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, events);
}

int clinux_epoll_modify(int epoll, int descriptor, uint32_t events) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, events);
}

int clinux_epoll_remove(int epoll, int descriptor) {
    return control(epoll, EPOLL_CTL_DEL, descriptor, 0);
}

int clinux_epoll_wait(int epoll, struct epoll_event *events, int count, int64_t timeout_ns) {
    if (timeout_ns < 0) return epoll_pwait2(epoll, events, count, NULL, NULL);
    struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    return epoll_pwait2(epoll, events, count, &timeout, NULL);
}

int clinux_event_descriptor(const struct epoll_event *event) {
    return event->data.fd;
}
