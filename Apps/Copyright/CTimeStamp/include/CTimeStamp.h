#ifndef TALLYSTICK_CTIMESTAMP_H
#define TALLYSTICK_CTIMESTAMP_H

#include <stddef.h>
#include <stdint.h>

// Queries for RFC 3161 time stamps, and their checks, by OpenSSL's libcrypto.

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CTIMESTAMP_OK = 0,
  CTIMESTAMP_MALFORMED = 1,    // no time-stamp token or response
  CTIMESTAMP_AUTHORITIES = 2,  // no certificates in the PEM text
  CTIMESTAMP_REFUSED = 3,      // the imprint is of other data, or signature or certificate do not hold
};

// Writes a TimeStampReq (RFC 3161 §2.4.1) over a SHA-256 that asks for the signer's certificate; gives its length, 0 if it
// does not fit.
size_t ctimestamp_query(const uint8_t digest[32], uint8_t *query, size_t capacity);

// Reads the SHA-256 and the time, seconds since 1970, of a token (or of a response with one); checks no signature.
int ctimestamp_read(const uint8_t *token, size_t count, uint8_t digest[32], int64_t *seconds);

// Checks that a token (or a response with one) is over these bytes and signed by a time-stamp authority whose certificate
// goes back to one of `authorities` (PEM), as of the time that the stamp names; gives that time in seconds since 1970.
int ctimestamp_check(const uint8_t *token, size_t count, const uint8_t *data, size_t size, const uint8_t *authorities,
                     size_t length, int64_t *seconds);

#ifdef __cplusplus
}
#endif

#endif
