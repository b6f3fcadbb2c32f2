/* A stand-in for AWS STS that costs as little as it can: one thread, and the same answer to every request, after a delay if
 * told so. Usage: sts BODY-FILE DELAY-MILLISECONDS [CERTIFICATE-AND-KEY-FILE]
 * Prints its port on standard output and serves HTTP/1.1 with keep-alive on 127.0.0.1 until it is ended; over TLS with the third
 * argument, a PEM file. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
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
    SSL *tls; /* Made at the accept and freed at the close; NULL without TLS. */
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
static SSL_CTX *tls; /* NULL without TLS. */

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
    if (connections[socket].tls != NULL) SSL_write(connections[socket].tls, answer, (int)answer_size);
    else (void)!send(socket, answer, answer_size, MSG_NOSIGNAL);
}

/* What recv would give, 0 at the end and -1 with EAGAIN included. The first calls of a TLS connection make its handshake. */
static ssize_t receive(int socket, struct connection *connection)
{
    char *free = connection->bytes + connection->count;
    size_t room = longest_request - connection->count;
    if (connection->tls == NULL) return recv(socket, free, room, 0);
    ERR_clear_error();
    int count = SSL_read(connection->tls, free, (int)room);
    if (count > 0) return count;
    if (SSL_get_error(connection->tls, count) != SSL_ERROR_WANT_READ) return 0;
    errno = EAGAIN;
    return -1;
}

static void forget(int socket)
{
    SSL_free(connections[socket].tls);
    connections[socket].tls = NULL;
    connections[socket].count = 0;
    close(socket);
}

/* One read is enough: a TLS record is read whole, and what still lies in the socket announces itself again. */
static void take(int socket)
{
    struct connection *connection = &connections[socket];
    ssize_t count = receive(socket, connection);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) forget(socket);
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
        if (tls != NULL) {
            connections[socket].tls = SSL_new(tls);
            if (connections[socket].tls == NULL) fail("SSL_new");
            SSL_set_fd(connections[socket].tls, socket);
            SSL_set_accept_state(connections[socket].tls);
        }
        watch(poll, socket);
    }
}

static void prepare_tls(const char *path)
{
    signal(SIGPIPE, SIG_IGN); /* SSL_write knows no MSG_NOSIGNAL. */
    tls = SSL_CTX_new(TLS_server_method());
    if (tls == NULL || SSL_CTX_use_certificate_chain_file(tls, path) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls, path, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        exit(1);
    }
}

int main(int count, char **arguments)
{
    if (count != 3 && count != 4) {
        fprintf(stderr, "usage: sts BODY-FILE DELAY-MILLISECONDS [CERTIFICATE-AND-KEY-FILE]\n");
        return 2;
    }
    read_answer(arguments[1]);
    delay = strtol(arguments[2], NULL, 10) * 1000000;
    if (count == 4) prepare_tls(arguments[3]);
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
