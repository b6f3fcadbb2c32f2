/* A stand-in for AWS STS that costs as little as it can: one thread, and the same answer to every request, after a delay if
 * told so. Usage: sts BODY-FILE DELAY-MILLISECONDS
 * Prints its port on standard output and serves plain HTTP/1.1 with keep-alive on 127.0.0.1 until it is ended. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { longest_request = 32768, most_connections = 2048 };

/* What came of a request so far. By the number of its socket. */
static struct connection {
    size_t count;
    char bytes[longest_request + 1];
} connections[most_connections];

/* Sockets that wait for their answer, in the order of their requests: the delay is the same for all. */
static struct waiting {
    int socket;
    int64_t due;
} queue[most_connections];
static unsigned first, last;

static char answer[16384];
static size_t answer_size;
static int64_t delay; /* nanoseconds */

static void fail(const char *what)
{
    fprintf(stderr, "sts: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The bytes of the first request in the buffer, 0 while it is not whole. */
static size_t request_size(const struct connection *connection)
{
    const char *end = memmem(connection->bytes, connection->count, "\r\n\r\n", 4);
    if (end == NULL) return 0;
    size_t size = (size_t)(end - connection->bytes) + 4;
    const char *length = strcasestr(connection->bytes, "\r\ncontent-length:");
    if (length != NULL && length < end) size += strtoul(length + 17, NULL, 10);
    return size <= connection->count ? size : 0;
}

static void send_answer(int socket)
{
    /* It fits into an empty socket buffer; a peer that is gone shows at the next read. */
    (void)!send(socket, answer, answer_size, MSG_NOSIGNAL);
}

static void take(int socket)
{
    struct connection *connection = &connections[socket];
    ssize_t count = recv(socket, connection->bytes + connection->count, longest_request - connection->count, 0);
    if (count <= 0) {
        if (count < 0 && errno == EAGAIN) return;
        connection->count = 0;
        close(socket);
        return;
    }
    connection->count += (size_t)count;
    connection->bytes[connection->count] = 0;
    if (request_size(connection) == 0) return;
    connection->count = 0; /* Nobody pipelines here. */
    if (delay == 0) {
        send_answer(socket);
    } else {
        queue[last++ % most_connections] = (struct waiting){socket, now() + delay};
    }
}

/* Answers those that are due, and tells how many milliseconds the next one has. */
static int settle(void)
{
    while (first != last) {
        int64_t left = queue[first % most_connections].due - now();
        if (left > 0) return (int)(left / 1000000);
        send_answer(queue[first++ % most_connections].socket);
    }
    return -1;
}

static void read_answer(const char *path)
{
    char body[8192];
    FILE *file = fopen(path, "r");
    if (file == NULL) fail(path);
    size_t size = fread(body, 1, sizeof body, file);
    fclose(file);
    int head = snprintf(answer, sizeof answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n", size);
    memcpy(answer + head, body, size);
    answer_size = (size_t)head + size;
}

static int listen_on_loopback(void)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 1024) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        fail("cannot listen");
    printf("%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void watch(int poll, int socket)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
}

static void accept_all(int poll, int listener)
{
    int yes = 1, socket;
    while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (socket >= most_connections) {
            close(socket);
            continue;
        }
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        watch(poll, socket);
    }
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: sts BODY-FILE DELAY-MILLISECONDS\n");
        return 2;
    }
    read_answer(arguments[1]);
    delay = strtol(arguments[2], NULL, 10) * 1000000;
    int listener = listen_on_loopback();
    int poll = epoll_create1(0);
    if (poll < 0) fail("epoll_create1");
    watch(poll, listener);
    for (;;) {
        struct epoll_event events[128];
        int ready = epoll_wait(poll, events, 128, settle());
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int index = 0; index < ready; index++) {
            if (events[index].data.fd == listener) accept_all(poll, listener);
            else take(events[index].data.fd);
        }
    }
}
