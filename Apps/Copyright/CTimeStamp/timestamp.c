#define _GNU_SOURCE
#include <limits.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "CTimeStamp.h"

size_t ctimestamp_query(const uint8_t digest[32], uint8_t *query, size_t capacity) {
  TS_REQ *request = TS_REQ_new();
  TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
  X509_ALGOR *algorithm = X509_ALGOR_new();
  size_t length = 0;
  if (request && imprint && algorithm &&
      X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
      TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
      TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)digest, 32) == 1 && TS_REQ_set_version(request, 1) == 1 &&
      TS_REQ_set_msg_imprint(request, imprint) == 1 && TS_REQ_set_cert_req(request, 1) == 1) {
    int needed = i2d_TS_REQ(request, NULL);
    if (needed > 0 && (size_t)needed <= capacity) {
      unsigned char *at = query;
      length = (size_t)i2d_TS_REQ(request, &at);
    }
  }
  X509_ALGOR_free(algorithm);
  TS_MSG_IMPRINT_free(imprint);
  TS_REQ_free(request);
  ERR_clear_error();
  return length;
}

// A token or a response as it came.
struct stamp {
  TS_RESP *response;
  PKCS7 *own;
  PKCS7 *token;
  TS_TST_INFO *info;
};

static void close_stamp(struct stamp *stamp) {
  TS_TST_INFO_free(stamp->info);
  PKCS7_free(stamp->own);
  TS_RESP_free(stamp->response);
  ERR_clear_error();
}

static int open_stamp(struct stamp *stamp, const uint8_t *token, size_t count, int64_t *seconds) {
  memset(stamp, 0, sizeof *stamp);
  if (count > INT_MAX) return 0;
  const unsigned char *at = token;
  stamp->response = d2i_TS_RESP(NULL, &at, (long)count);
  if (stamp->response) {
    stamp->token = TS_RESP_get_token(stamp->response);
  } else {
    at = token;
    stamp->token = stamp->own = d2i_PKCS7(NULL, &at, (long)count);
  }
  stamp->info = stamp->token ? PKCS7_to_TS_TST_INFO(stamp->token) : NULL;
  struct tm parts;
  const ASN1_GENERALIZEDTIME *when = stamp->info ? TS_TST_INFO_get_time(stamp->info) : NULL;
  if (!when || at != token + count || ASN1_TIME_to_tm(when, &parts) != 1) return 0;
  *seconds = (int64_t)timegm(&parts);
  return 1;
}

int ctimestamp_read(const uint8_t *token, size_t count, uint8_t digest[32], int64_t *seconds) {
  struct stamp stamp;
  int result = CTIMESTAMP_MALFORMED;
  if (open_stamp(&stamp, token, count, seconds)) {
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(stamp.info);
    const ASN1_OBJECT *algorithm = NULL;
    X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    const ASN1_OCTET_STRING *hash = TS_MSG_IMPRINT_get_msg(imprint);
    if (OBJ_obj2nid(algorithm) == NID_sha256 && ASN1_STRING_length(hash) == 32) {
      memcpy(digest, ASN1_STRING_get0_data(hash), 32);
      result = CTIMESTAMP_OK;
    } else {
      result = CTIMESTAMP_REFUSED;
    }
  }
  close_stamp(&stamp);
  return result;
}

// The certificates of a PEM text, trusted; NULL if there are none.
static X509_STORE *store(const uint8_t *pem, size_t length) {
  BIO *in = BIO_new_mem_buf(pem, (int)length);
  X509_STORE *found = X509_STORE_new();
  int count = 0;
  X509 *certificate;
  while (in && found && (certificate = PEM_read_bio_X509(in, NULL, NULL, NULL))) {
    count += X509_STORE_add_cert(found, certificate) == 1;
    X509_free(certificate);
  }
  BIO_free(in);
  if (count > 0) return found;
  X509_STORE_free(found);
  return NULL;
}

int ctimestamp_check(const uint8_t *token, size_t count, const uint8_t *data, size_t size, const uint8_t *authorities,
                     size_t length, int64_t *seconds) {
  if (size > INT_MAX || length > INT_MAX) return CTIMESTAMP_MALFORMED;
  struct stamp stamp;
  int result = CTIMESTAMP_MALFORMED;
  if (open_stamp(&stamp, token, count, seconds)) {
    X509_STORE *trusted = store(authorities, length);
    TS_VERIFY_CTX *context = trusted ? TS_VERIFY_CTX_new() : NULL;
    result = CTIMESTAMP_AUTHORITIES;
    if (context) {
      // A certificate that has run out since was good when it signed.
      X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(trusted), (time_t)*seconds);
      TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_DATA | TS_VFY_SIGNATURE | TS_VFY_SIGNER);
      // The context owns both from here.
      TS_VERIFY_CTX_set_data(context, BIO_new_mem_buf(data, (int)size));
      TS_VERIFY_CTX_set_store(context, trusted);
      result = TS_RESP_verify_token(context, stamp.token) == 1 ? CTIMESTAMP_OK : CTIMESTAMP_REFUSED;
      TS_VERIFY_CTX_free(context);
    } else {
      X509_STORE_free(trusted);
    }
  }
  close_stamp(&stamp);
  return result;
}
