// What Swift cannot import of libcurl: its variadic functions, one typed wrapper for each kind of argument, and the
// macros that are no constants.
#ifndef VELA_CURL_SHIM_H
#define VELA_CURL_SHIM_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <string.h>

static inline CURLcode vela_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode vela_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

// libcurl copies the string, except for CURLOPT_POSTFIELDS: use vela_curl_set_pointer there.
static inline CURLcode vela_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

// libcurl keeps the pointer: the caller keeps what it points to until the handle is reset.
static inline CURLcode vela_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode vela_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

typedef size_t (*vela_curl_bytes_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode vela_curl_set_bytes_callback(CURL *easy, CURLoption option, vela_curl_bytes_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}

static inline CURLcode vela_curl_set_prereq_callback(CURL *easy, curl_prereq_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode vela_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode vela_curl_get_socket(CURL *easy, curl_socket_t *socket) {
    return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, socket);
}

static inline CURLMcode vela_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// Who is told of sockets and of the next call that is due, with `context`.
static inline CURLMcode vela_curl_multi_set_callbacks(
    CURLM *multi, curl_socket_callback socket, curl_multi_timer_callback timer, void *context) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    CURLMcode result = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    return result == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer) : result;
}

static inline CURLSHcode vela_curl_share_tls_sessions(CURLSH *share) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

// A finished transfer's result, or -1 where the message says something else.
static inline int vela_curl_message_result(const CURLMsg *message) {
    return message->msg == CURLMSG_DONE ? (int)message->data.result : -1;
}

// Header lines may hold credentials, and curl_slist_free_all leaves their bytes in the heap.
static inline void vela_curl_list_wipe_and_free(struct curl_slist *list) {
    for (struct curl_slist *item = list; item != NULL; item = item->next) {
        explicit_bzero(item->data, strlen(item->data));
    }
    curl_slist_free_all(list);
}

#endif
