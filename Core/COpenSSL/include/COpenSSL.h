// SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905) by OpenSSL 3, in the few functions that the COSE module calls.
//
// Numbers are big-endian and of fixed length: a private key d has 32 bytes, a public key x‖y 64, a signature r‖s 64.
// Functions that return an int give 1 for success and 0 for failure. A key is immutable: threads may share one.
#ifndef COPENSSL_H
#define COPENSSL_H

#include <stddef.h>
#include <stdint.h>

// A private or a public key on the curve of GB/T 32918.5.
typedef struct copenssl_sm2_key copenssl_sm2_key;

// The private key d with its public half; NULL unless 1 <= d <= n - 2, or if there is no memory.
copenssl_sm2_key *copenssl_sm2_private(const uint8_t d[32]);

// The public key x‖y; NULL unless both are below p and name a point of the curve, or if there is no memory.
copenssl_sm2_key *copenssl_sm2_public(const uint8_t point[64]);

void copenssl_sm2_free(copenssl_sm2_key *key);

// Writes x‖y of a private or public key.
void copenssl_sm2_get_point(const copenssl_sm2_key *key, uint8_t point[64]);

// Writes d of a private key.
int copenssl_sm2_get_scalar(const copenssl_sm2_key *key, uint8_t d[32]);

// Signs SM3(Z ‖ message), where Z covers the id 1234567812345678, the curve and the key.
int copenssl_sm2_sign(const copenssl_sm2_key *key, const uint8_t *message, size_t count, uint8_t signature[64]);

// Whether the signature is the key's for the message under the same id.
int copenssl_sm2_verify(
  const copenssl_sm2_key *key, const uint8_t *message, size_t count, const uint8_t signature[64]);

// Writes SM3 of the bytes.
int copenssl_sm3(const uint8_t *bytes, size_t count, uint8_t digest[32]);

#endif
