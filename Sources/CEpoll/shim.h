// epoll and eventfd: Swift's Glibc module shows neither.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// The events have the type of an enumeration in the header and of an integer in the structure; here both are integers.
static const uint32_t cepoll_in = EPOLLIN;
static const uint32_t cepoll_out = EPOLLOUT;

// A new set, closed on exec; -1 where the system has none to give.
static inline int cepoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

// Adds `descriptor` or changes what it is watched for. Level-triggered. 0 is success.
static inline int cepoll_watch(int set, int descriptor, uint32_t events, int is_new) {
    struct epoll_event event = {.events = events, .data = {.fd = descriptor}};
    return epoll_ctl(set, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
}

// 0 is success; so is a descriptor that was closed before, which the kernel has taken out.
static inline int cepoll_forget(int set, int descriptor) { return epoll_ctl(set, EPOLL_CTL_DEL, descriptor, NULL); }

// Neither blocks. A new counter at zero, or -1.
static inline int cepoll_new_counter(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
