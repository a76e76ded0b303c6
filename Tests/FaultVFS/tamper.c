#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "faultvfs.h"

static void flip(sqlite3_context *context, int count, sqlite3_value **arguments) {
  (void)count;
  int place = sqlite3_value_int(arguments[1]);
  int mask = sqlite3_value_int(arguments[2]);
  int type = sqlite3_value_type(arguments[0]);
  if (type == SQLITE_INTEGER) {
    uint64_t number = (uint64_t)sqlite3_value_int64(arguments[0]);
    sqlite3_result_int64(context, (sqlite3_int64)(number ^ (uint64_t)mask << (8 * (7 - place))));
    return;
  }
  int size = sqlite3_value_bytes(arguments[0]);
  const void *from = type == SQLITE_TEXT ? (const void *)sqlite3_value_text(arguments[0]) : sqlite3_value_blob(arguments[0]);
  char *bytes = malloc(size > 0 ? size : 1);
  if (size > 0) memcpy(bytes, from, size);
  if (place < size) bytes[place] ^= (char)mask;
  if (type == SQLITE_TEXT)
    sqlite3_result_text(context, bytes, size, free);
  else
    sqlite3_result_blob(context, bytes, size, free);
}

static sqlite3 *open(const char *path) {
  sqlite3 *db = NULL;
  if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
    sqlite3_close(db);
    return NULL;
  }
  sqlite3_create_function(db, "flip", 3, SQLITE_UTF8, NULL, flip, NULL, NULL);
  sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
  return db;
}

int tamper_run(const char *path, const char *sql) {
  sqlite3 *db = open(path);
  if (!db) return SQLITE_CANTOPEN;
  int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
  int closed = sqlite3_close(db);
  return code != SQLITE_OK ? code : closed;
}

static int row(void *text, int count, char **values, char **names) {
  (void)names;
  sqlite3_str *to = text;
  for (int i = 0; i < count; i++) sqlite3_str_appendf(to, i ? "|%s" : "%s", values[i] ? values[i] : "NULL");
  sqlite3_str_appendchar(to, 1, '\n');
  return 0;
}

char *tamper_select(const char *path, const char *sql) {
  sqlite3 *db = open(path);
  if (!db) return NULL;
  sqlite3_str *text = sqlite3_str_new(db);
  int code = sqlite3_exec(db, sql, row, text, NULL);
  char *found = sqlite3_str_finish(text);
  sqlite3_close(db);
  if (code == SQLITE_OK) return found ? found : sqlite3_mprintf("");
  sqlite3_free(found);
  return NULL;
}

void tamper_free(char *text) { sqlite3_free(text); }
