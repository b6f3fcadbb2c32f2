#ifndef CPROBE_H
#define CPROBE_H

#include <stdint.h>

/* How often memory was asked for in this process: malloc, calloc, realloc and their aligned kin, by any thread. */
uint64_t probe_allocations(void);

/* Between the two, callgrind counts the instructions of all threads. They do nothing where valgrind is not there. */
void probe_begin_instructions(void);
void probe_end_instructions(void);

#endif
