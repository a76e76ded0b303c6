#include "CPopcount.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define TARGET(features) __attribute__((target(features)))
#else
#define TARGET(features)
#endif

static inline uint32_t distance(const uint64_t *a, const uint64_t *b) {
  return (uint32_t)(__builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
                    __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]));
}

// The same loop for each level: the attribute decides what the built-in becomes.
#define SCAN_LOOP                                                   \
  size_t found = 0, i = 0;                                          \
  for (; i < count; i++) {                                          \
    uint32_t d = distance(codes + 4 * i, query);                    \
    if (__builtin_expect(d <= radius, 0)) {                         \
      if (found == capacity) break;                                 \
      places[found] = (uint32_t)i;                                  \
      distances[found++] = d;                                       \
    }                                                               \
  }                                                                 \
  *seen = i;                                                        \
  return found;

#define FILTER_LOOP                                                                                        \
  size_t kept = 0;                                                                                         \
  const uint32_t mask = ((uint32_t)1 << shift) - 1;                                                        \
  for (size_t i = 0; i < count; i++) {                                                                     \
    if (i + 8 < count) {                                                                                   \
      uint32_t ahead = candidates[i + 8];                                                                  \
      __builtin_prefetch(bytes + (size_t)(ahead >> shift) * stride + (size_t)(ahead & mask) * 32);         \
    }                                                                                                      \
    uint32_t c = candidates[i];                                                                            \
    const uint64_t *code = (const uint64_t *)(bytes + (size_t)(c >> shift) * stride + (size_t)(c & mask) * 32); \
    uint32_t d = distance(code, query);                                                                    \
    if (d <= radius) {                                                                                     \
      candidates[kept] = c;                                                                                \
      distances[kept++] = d;                                                                               \
    }                                                                                                      \
  }                                                                                                        \
  return kept;

#define SCAN_ARGUMENTS                                                                                   \
  const uint64_t *codes, size_t count, const uint64_t *query, uint32_t radius, uint32_t *places,         \
      uint32_t *distances, size_t capacity, size_t *seen
#define FILTER_ARGUMENTS                                                                                 \
  const uint8_t *bytes, uint32_t shift, size_t stride, const uint64_t *query, uint32_t radius,           \
      uint32_t *candidates, uint32_t *distances, size_t count

static size_t scan_plain(SCAN_ARGUMENTS) { SCAN_LOOP }
static size_t filter_plain(FILTER_ARGUMENTS) { FILTER_LOOP }

#if defined(__x86_64__)

TARGET("popcnt") static size_t scan_popcnt(SCAN_ARGUMENTS) { SCAN_LOOP }
TARGET("popcnt") static size_t filter_popcnt(FILTER_ARGUMENTS) { FILTER_LOOP }

TARGET("avx2") static inline __m256i count_bytes(__m256i v) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2,
                                         2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(15);
  __m256i a = _mm256_shuffle_epi8(table, _mm256_and_si256(v, low));
  __m256i b = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low));
  return _mm256_sad_epu8(_mm256_add_epi8(a, b), _mm256_setzero_si256());
}

// Four codes a step: their four sums end up in the four 64-bit lanes of one register.
TARGET("avx2,popcnt") static size_t scan_avx2(SCAN_ARGUMENTS) {
  const __m256i q = _mm256_loadu_si256((const __m256i *)query);
  const __m256i bound = _mm256_set1_epi64x((long long)radius);
  size_t found = 0, i = 0;
  for (; i + 4 <= count; i += 4) {
    const __m256i *p = (const __m256i *)(codes + 4 * i);
    __m256i a = count_bytes(_mm256_xor_si256(_mm256_loadu_si256(p), q));
    __m256i b = count_bytes(_mm256_xor_si256(_mm256_loadu_si256(p + 1), q));
    __m256i c = count_bytes(_mm256_xor_si256(_mm256_loadu_si256(p + 2), q));
    __m256i d = count_bytes(_mm256_xor_si256(_mm256_loadu_si256(p + 3), q));
    // a0+a1, b0+b1, a2+a3, b2+b3 and the same of c and d.
    __m256i ab = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    __m256i cd = _mm256_add_epi64(_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
    __m256i sums =
        _mm256_add_epi64(_mm256_permute2x128_si256(ab, cd, 0x20), _mm256_permute2x128_si256(ab, cd, 0x31));
    int far = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(sums, bound)));
    if (__builtin_expect(far == 15, 1)) continue;
    for (size_t k = 0; k < 4; k++) {
      if (far >> k & 1) continue;
      if (found == capacity) {
        *seen = i + k;
        return found;
      }
      places[found] = (uint32_t)(i + k);
      distances[found++] = distance(codes + 4 * (i + k), query);
    }
  }
  for (; i < count; i++) {
    uint32_t d = distance(codes + 4 * i, query);
    if (d <= radius) {
      if (found == capacity) break;
      places[found] = (uint32_t)i;
      distances[found++] = d;
    }
  }
  *seen = i;
  return found;
}

// Two codes to a register, four registers a step.
TARGET("avx512f,avx512vpopcntdq,avx512dq,popcnt") static size_t scan_avx512(SCAN_ARGUMENTS) {
  const __m512i q = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)query));
  const __m512i bound = _mm512_set1_epi64((long long)radius);
  // From two registers of pair sums: the lanes that hold the first and the second half of each of eight codes.
  const __m512i first = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
  const __m512i second = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
  size_t found = 0, i = 0;
  for (; i + 8 <= count; i += 8) {
    const uint64_t *p = codes + 4 * i;
    __m512i a = _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(p), q));
    __m512i b = _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(p + 8), q));
    __m512i c = _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(p + 16), q));
    __m512i d = _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(p + 24), q));
    __m512i ab = _mm512_add_epi64(_mm512_permutex2var_epi64(a, first, b), _mm512_permutex2var_epi64(a, second, b));
    __m512i cd = _mm512_add_epi64(_mm512_permutex2var_epi64(c, first, d), _mm512_permutex2var_epi64(c, second, d));
    __m512i sums =
        _mm512_add_epi64(_mm512_permutex2var_epi64(ab, first, cd), _mm512_permutex2var_epi64(ab, second, cd));
    unsigned near = _mm512_cmple_epu64_mask(sums, bound);
    if (__builtin_expect(near == 0, 1)) continue;
    for (size_t k = 0; k < 8; k++) {
      if (!(near >> k & 1)) continue;
      if (found == capacity) {
        *seen = i + k;
        return found;
      }
      places[found] = (uint32_t)(i + k);
      distances[found++] = distance(codes + 4 * (i + k), query);
    }
  }
  for (; i < count; i++) {
    uint32_t d = distance(codes + 4 * i, query);
    if (d <= radius) {
      if (found == capacity) break;
      places[found] = (uint32_t)i;
      distances[found++] = d;
    }
  }
  *seen = i;
  return found;
}

int cpopcount_has(int level) {
  __builtin_cpu_init();
  switch (level) {
    case CPOPCOUNT_PLAIN: return 1;
    case CPOPCOUNT_POPCNT: return __builtin_cpu_supports("popcnt") != 0;
    case CPOPCOUNT_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
    case CPOPCOUNT_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("popcnt");
    default: return 0;
  }
}

size_t cpopcount_scan(int level, SCAN_ARGUMENTS) {
  switch (level) {
    case CPOPCOUNT_AVX512: return scan_avx512(codes, count, query, radius, places, distances, capacity, seen);
    case CPOPCOUNT_AVX2: return scan_avx2(codes, count, query, radius, places, distances, capacity, seen);
    case CPOPCOUNT_POPCNT: return scan_popcnt(codes, count, query, radius, places, distances, capacity, seen);
    default: return scan_plain(codes, count, query, radius, places, distances, capacity, seen);
  }
}

size_t cpopcount_filter(int level, FILTER_ARGUMENTS) {
  if (level != CPOPCOUNT_PLAIN)
    return filter_popcnt(bytes, shift, stride, query, radius, candidates, distances, count);
  return filter_plain(bytes, shift, stride, query, radius, candidates, distances, count);
}

#else

int cpopcount_has(int level) { return level == CPOPCOUNT_PLAIN; }

size_t cpopcount_scan(int level, SCAN_ARGUMENTS) {
  (void)level;
  return scan_plain(codes, count, query, radius, places, distances, capacity, seen);
}

size_t cpopcount_filter(int level, FILTER_ARGUMENTS) {
  (void)level;
  return filter_plain(bytes, shift, stride, query, radius, candidates, distances, count);
}

#endif

int cpopcount_best(void) {
  for (int level = CPOPCOUNT_AVX512; level > CPOPCOUNT_PLAIN; level--)
    if (cpopcount_has(level)) return level;
  return CPOPCOUNT_PLAIN;
}
