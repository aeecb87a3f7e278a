#pragma once
// Event waiting: C unions and calls that Swift cannot import.
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>

int clinux_epoll_add(int epoll, int descriptor, uint32_t events);
int clinux_epoll_modify(int epoll, int descriptor, uint32_t events);
int clinux_epoll_remove(int epoll, int descriptor);
/// Waits at most `timeout_ns` nanoseconds; forever if negative.
int clinux_epoll_wait(int epoll, struct epoll_event *events, int count, int64_t timeout_ns);
int clinux_event_descriptor(const struct epoll_event *event);
