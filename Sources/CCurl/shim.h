// What Swift cannot import of libcurl: its variadic functions, one typed wrapper for each kind of argument, and the
// macros that are no constants.
#ifndef VELA_CURL_SHIM_H
#define VELA_CURL_SHIM_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>

static inline CURLcode vela_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

// libcurl copies the string, but for what vela_curl_set_pointer is for.
static inline CURLcode vela_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

// libcurl keeps the pointer: the caller keeps what it points to for as long as the handle lives.
static inline CURLcode vela_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode vela_curl_get_socket(CURL *easy, curl_socket_t *socket) {
    return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, socket);
}

#endif
