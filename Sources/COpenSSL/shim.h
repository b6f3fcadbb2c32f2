// What Swift cannot import: the functions that OpenSSL 3 spells as macros.
#ifndef VELA_COPENSSL_SHIM_H
#define VELA_COPENSSL_SHIM_H

#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/// Sets the lowest protocol version. Returns 1 on success.
static inline int copenssl_ctx_set_min_tls12(SSL_CTX *context) {
    return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

/// Sets the server name indication; OpenSSL copies the name. Returns 1 on success.
static inline int copenssl_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}

#endif
