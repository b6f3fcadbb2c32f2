/* The cheapest server that libmicrohttpd allows: reads the body of POST /v1/credentials, forgets it, and answers in the
 * callback with as many bytes as it was told. What the gateway is compared with. Usage: bare BODY-BYTES THREADS
 * Prints its port on standard output and serves on 127.0.0.1 until SIGTERM. */

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One answer for all requests: made before the daemon starts, queued by its threads, destroyed after it stopped. */
static struct MHD_Response *answer;

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    static int begun;
    (void)cls, (void)version, (void)upload;
    if (*state == NULL) {
        *state = &begun;
        return MHD_YES;
    }
    if (*upload_size != 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, "POST") != 0 || strcmp(url, "/v1/credentials") != 0) return MHD_NO;
    return MHD_queue_response(connection, MHD_HTTP_OK, answer);
}

static struct MHD_Response *make_answer(size_t size)
{
    char *body = malloc(size);
    if (body == NULL) return NULL;
    memset(body, 'x', size);
    struct MHD_Response *response = MHD_create_response_from_buffer(size, body, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) return NULL;
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    return response;
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: bare BODY-BYTES THREADS\n");
        return 2;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL); /* Before the daemon's threads, so that they inherit it. */
    answer = make_answer(strtoul(arguments[1], NULL, 10));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = answer == NULL ? NULL : MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle, NULL, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)strtoul(arguments[2], NULL, 10), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)32 * 1024, MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf(stderr, "bare: cannot start: %s\n", strerror(errno));
        return 1;
    }
    printf("%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    int signal;
    sigwait(&ends, &signal);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(answer);
    return 0;
}
