#ifndef COUNTING_MALLOC_H
#define COUNTING_MALLOC_H

#include <stdint.h>

/// Allocations of this process so far, over all threads.
uint64_t counting_malloc_count(void);

#endif
