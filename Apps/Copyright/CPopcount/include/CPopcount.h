#ifndef TALLYSTICK_CPOPCOUNT_H
#define TALLYSTICK_CPOPCOUNT_H

#include <stddef.h>
#include <stdint.h>

// Distances of 256-bit codes (four 64-bit words each), with the best instructions of the machine that it runs on.

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CPOPCOUNT_PLAIN = 0,   // shifts and masks; what any machine can do
  CPOPCOUNT_POPCNT = 1,  // the POPCNT instruction
  CPOPCOUNT_AVX2 = 2,    // AVX2: half bytes looked up in a register
  CPOPCOUNT_AVX512 = 3,  // AVX-512 VPOPCNTDQ
};

// The best level of this machine.
int cpopcount_best(void);

// Whether this machine has a level.
int cpopcount_has(int level);

// Scans `count` codes from `codes` on for those within `radius` of `query`.
//
// Writes at most `capacity` places (relative to `codes`) and distances. Returns how many were written; `*seen` is how
// many codes were looked at: less than `count` only when the room ran out. The
// machine must have the level.
size_t cpopcount_scan(int level, const uint64_t *codes, size_t count, const uint64_t *query, uint32_t radius,
                      uint32_t *places, uint32_t *distances, size_t capacity, size_t *seen);

// Keeps those of `count` candidates that are within `radius` of `query`, in place, and writes their distances.
//
// Candidate c lies at bytes + (c >> shift) * stride + (c & ((1 << shift) - 1)) * 32. Returns how many are kept.
size_t cpopcount_filter(int level, const uint8_t *bytes, uint32_t shift, size_t stride, const uint64_t *query,
                        uint32_t radius, uint32_t *candidates, uint32_t *distances, size_t count);

#ifdef __cplusplus
}
#endif

#endif
