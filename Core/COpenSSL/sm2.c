#include "COpenSSL.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <pthread.h>
#include <string.h>

struct copenssl_sm2_key {
  EVP_PKEY *pkey;
  uint8_t point[64];
};

// The default id of GB/T 32918 and GB 35114. OpenSSL 3 takes an empty id where none is set.
static const char signer_id[] = "1234567812345678";

static pthread_once_t once = PTHREAD_ONCE_INIT;

// No configuration file, which could put another provider in place; and no clean-up at exit, which would pull the
// library away from threads that still verify.
static void start(void) { OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL); }

static void begin(void) { pthread_once(&once, start); }

// The key of x‖y and, unless it is NULL, d.
static copenssl_sm2_key *make(const uint8_t point[64], const BIGNUM *d) {
  copenssl_sm2_key *key = OPENSSL_zalloc(sizeof *key);
  OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
  OSSL_PARAM *parameters = NULL;
  uint8_t octets[65] = {POINT_CONVERSION_UNCOMPRESSED};
  int done = 0;
  memcpy(octets + 1, point, 64);
  if (key && build && context && OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0)
      && OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, octets, sizeof octets)
      && (!d || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d))
      && (parameters = OSSL_PARAM_BLD_to_param(build)) && EVP_PKEY_fromdata_init(context) == 1
      && EVP_PKEY_fromdata(context, &key->pkey, d ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parameters) == 1) {
    memcpy(key->point, point, 64);
    done = 1;
  }
  OSSL_PARAM_free(parameters);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_BLD_free(build);
  if (!done) {
    copenssl_sm2_free(key);
    key = NULL;
    ERR_clear_error();
  }
  return key;
}

copenssl_sm2_key *copenssl_sm2_public(const uint8_t point[64]) {
  begin();
  return make(point, NULL);
}

copenssl_sm2_key *copenssl_sm2_private(const uint8_t bytes[32]) {
  begin();
  copenssl_sm2_key *key = NULL;
  EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_sm2);
  BN_CTX *context = BN_CTX_secure_new();
  EC_POINT *point = group ? EC_POINT_new(group) : NULL;
  BIGNUM *d = BN_secure_new();
  BIGNUM *limit = group ? BN_dup(EC_GROUP_get0_order(group)) : NULL;
  uint8_t octets[65];
  if (group && context && point && d && limit && BN_bin2bn(bytes, 32, d) && BN_sub_word(limit, 1)) {
    BN_set_flags(d, BN_FLG_CONSTTIME);
    // With d = n - 1 the inverse of 1 + d, by which SM2 multiplies, does not exist.
    if (!BN_is_zero(d) && BN_cmp(d, limit) < 0 && EC_POINT_mul(group, point, d, NULL, NULL, context)
        && EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, octets, sizeof octets, context)
          == sizeof octets)
      key = make(octets + 1, d);
  }
  BN_free(limit);
  BN_clear_free(d);
  EC_POINT_free(point);
  BN_CTX_free(context);
  EC_GROUP_free(group);
  if (!key) ERR_clear_error();
  return key;
}

void copenssl_sm2_free(copenssl_sm2_key *key) {
  if (!key) return;
  EVP_PKEY_free(key->pkey);
  OPENSSL_free(key);
}

void copenssl_sm2_get_point(const copenssl_sm2_key *key, uint8_t point[64]) { memcpy(point, key->point, 64); }

int copenssl_sm2_get_scalar(const copenssl_sm2_key *key, uint8_t d[32]) {
  BIGNUM *number = NULL;
  int done = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1
    && BN_bn2binpad(number, d, 32) == 32;
  BN_clear_free(number);
  if (!done) ERR_clear_error();
  return done;
}

// Begins a signature or its verification by the key under the id; NULL if that fails.
static EVP_MD_CTX *open_context(const copenssl_sm2_key *key, int signs) {
  EVP_PKEY_CTX *pkey = NULL; // Belongs to the context.
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (!context) return NULL;
  int begun = signs ? EVP_DigestSignInit_ex(context, &pkey, "SM3", NULL, NULL, key->pkey, NULL)
                    : EVP_DigestVerifyInit_ex(context, &pkey, "SM3", NULL, NULL, key->pkey, NULL);
  if (begun == 1 && EVP_PKEY_CTX_set1_id(pkey, signer_id, sizeof signer_id - 1) == 1) return context;
  EVP_MD_CTX_free(context);
  return NULL;
}

int copenssl_sm2_sign(const copenssl_sm2_key *key, const uint8_t *message, size_t count, uint8_t signature[64]) {
  int done = 0;
  uint8_t der[96];
  size_t length = sizeof der;
  EVP_MD_CTX *context = open_context(key, 1);
  if (context && EVP_DigestSign(context, der, &length, message, count) == 1) {
    const uint8_t *next = der;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &next, (long)length);
    done = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32) == 32
      && BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32) == 32;
    ECDSA_SIG_free(pair);
  }
  EVP_MD_CTX_free(context);
  if (!done) ERR_clear_error();
  return done;
}

// The DER form of r‖s, SEQUENCE { INTEGER r, INTEGER s }, in at most 72 bytes; its length, or 0 if a number is 0.
static size_t encode(const uint8_t signature[64], uint8_t der[72]) {
  size_t end = 2;
  for (int part = 0; part < 2; part++) {
    const uint8_t *number = signature + 32 * part;
    size_t count = 32;
    while (count > 0 && *number == 0) number++, count--;
    if (count == 0) return 0;
    size_t sign = *number >> 7; // A zero byte keeps the number positive.
    der[end++] = 0x02;
    der[end++] = (uint8_t)(count + sign);
    if (sign) der[end++] = 0;
    memcpy(der + end, number, count);
    end += count;
  }
  der[0] = 0x30;
  der[1] = (uint8_t)(end - 2);
  return end;
}

int copenssl_sm2_verify(
  const copenssl_sm2_key *key, const uint8_t *message, size_t count, const uint8_t signature[64]) {
  uint8_t der[72];
  size_t length = encode(signature, der);
  if (length == 0) return 0;
  EVP_MD_CTX *context = open_context(key, 0);
  int valid = context && EVP_DigestVerify(context, der, length, message, count) == 1;
  EVP_MD_CTX_free(context);
  if (!valid) ERR_clear_error();
  return valid;
}

int copenssl_sm3(const uint8_t *bytes, size_t count, uint8_t digest[32]) {
  begin();
  size_t length = 0;
  int done = EVP_Q_digest(NULL, "SM3", NULL, bytes, count, digest, &length) == 1 && length == 32;
  if (!done) ERR_clear_error();
  return done;
}
