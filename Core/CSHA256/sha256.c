#define OPENSSL_SUPPRESS_DEPRECATED
#include "CSHA256.h"
#include <openssl/sha.h>

_Static_assert(sizeof(csha256_state) == sizeof(SHA256_CTX), "the state is OpenSSL's");

void csha256_init(csha256_state *state) { SHA256_Init((SHA256_CTX *)state); }

void csha256_update(csha256_state *state, const void *bytes, size_t count) {
  SHA256_Update((SHA256_CTX *)state, bytes, count);
}

void csha256_final(csha256_state *state, void *digest) {
  SHA256_Final(digest, (SHA256_CTX *)state);
}

void csha256(const void *bytes, size_t count, void *digest) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes, count);
  SHA256_Final(digest, &state);
}
