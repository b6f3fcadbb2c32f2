#ifndef CMICROHTTPD_SHIM_H
#define CMICROHTTPD_SHIM_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <linux/filter.h>
#include <microhttpd.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/* Swift cannot call variadic functions. Here is one typed wrapper for each that the server uses, and nothing else. */

typedef void *(*cmhd_target_callback)(void *cls, const char *target, struct MHD_Connection *connection);
typedef size_t (*cmhd_unescape_callback)(void *cls, struct MHD_Connection *connection, char *text);

struct cmhd_settings
{
    unsigned int flags;
    unsigned int connection_limit;
    size_t connection_memory;
    /* The closure argument of every callback below. */
    void *cls;
    MHD_AccessHandlerCallback access;
    cmhd_target_callback target;
    cmhd_unescape_callback unescape;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    /* NULL without TLS. The text must outlive the daemon's start only. */
    const char *tls_priorities;
    gnutls_certificate_retrieve_function2 *tls_certificate;
};

/* NULL when the daemon could not be started; errno says why. */
static inline struct MHD_Daemon *cmhd_start(const struct cmhd_settings *settings)
{
    struct MHD_OptionItem options[12];
    size_t count = 0;
    options[count++] = (struct MHD_OptionItem){
        MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)settings->completed, settings->cls};
    options[count++] = (struct MHD_OptionItem){
        MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)settings->connection, settings->cls};
    options[count++] = (struct MHD_OptionItem){
        MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)settings->target, settings->cls};
    options[count++] = (struct MHD_OptionItem){
        MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)settings->unescape, settings->cls};
    options[count++] = (struct MHD_OptionItem){
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)settings->connection_memory, NULL};
    options[count++] = (struct MHD_OptionItem){
        MHD_OPTION_CONNECTION_LIMIT, (intptr_t)settings->connection_limit, NULL};
    if (settings->tls_certificate != NULL) {
        options[count++] = (struct MHD_OptionItem){
            MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)settings->tls_priorities};
        options[count++] = (struct MHD_OptionItem){
            MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)settings->tls_certificate};
    }
    options[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(settings->flags, 0, NULL, NULL, settings->access, settings->cls,
                            MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/* The daemon's epoll descriptor, readable when it has something to do; -1 where there is none. */
static inline int cmhd_epoll(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info == NULL ? -1 : info->epoll_fd;
}

/* accept4 for a non-blocking socket that is closed on exec; Swift's Glibc module does not show it. */
extern int accept4(int, struct sockaddr *, socklen_t *, int);

static inline int cmhd_accept(int listening, struct sockaddr *address, socklen_t *length)
{
    return accept4(listening, address, length, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* Makes the kernel drop whatever comes to a listening socket from now on, so that its queue can be emptied for good.
   Swift does not import the macros of a filter. A failure only leaves a window of microseconds. */
static inline void cmhd_turn_deaf(int listening)
{
    struct sock_filter drop_all = {BPF_RET | BPF_K, 0, 0, 0};
    struct sock_fprog program = {1, &drop_all};
    setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* The connection's socket, or -1. */
static inline int cmhd_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : (int)info->connect_fd;
}

/* What the connection callback stored for this connection, or NULL. */
static inline void *cmhd_socket_context(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/* The connection's TLS session, or NULL where there is none. */
static inline gnutls_session_t cmhd_tls_session(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info == NULL ? NULL : (gnutls_session_t)info->tls_session;
}

/* The verdict on a client's chain, leaf first, for the purpose of TLS client authentication: the bits of
   gnutls_certificate_status_t. Below 0 when there was none. Swift cannot build the typed data. */
static inline int cmhd_verify_client(gnutls_x509_trust_list_t authorities, gnutls_x509_crt_t *chain,
                                     unsigned int count, unsigned int *status)
{
    gnutls_typed_vdata_st purpose = {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0};
    return gnutls_x509_trust_list_verify_crt2(authorities, chain, count, &purpose, 1, 0, status, NULL);
}

#endif
