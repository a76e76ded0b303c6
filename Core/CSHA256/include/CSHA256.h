// SHA-256 (FIPS 180-4) by OpenSSL's block functions, whose state is plain memory: nothing is allocated.
//
// OpenSSL 3 calls these functions deprecated in favour of EVP, which needs a heap object for a state and costs twice as
// much for a short message (decision 0005). They are part of every OpenSSL 3 and use the processor's SHA instructions.
#ifndef CSHA256_H
#define CSHA256_H

#include <stddef.h>
#include <stdint.h>

// The state of OpenSSL's SHA256_CTX in the same bytes.
typedef struct {
  uint32_t h[8];
  uint32_t low, high;
  uint32_t data[16];
  uint32_t count, length;
} csha256_state;

void csha256_init(csha256_state *state);

void csha256_update(csha256_state *state, const void *bytes, size_t count);

// Writes the digest; the state is then used up.
void csha256_final(csha256_state *state, void *digest);

// Writes the digest of the bytes.
void csha256(const void *bytes, size_t count, void *digest);

#endif
