// What Swift cannot import of Linux: prctl is variadic.
#pragma once
#include <sys/prctl.h>

/// Makes the process undumpable: no core file, and no attaching by processes of the same user. 0 is success.
static inline int clinux_disable_dumping(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
