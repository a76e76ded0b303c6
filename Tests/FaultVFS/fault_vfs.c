#include "faultvfs.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCOPES = 128, FILES = 24, SECTOR = 512 };

// A write or truncation that has not been synced.
typedef struct Change {
  struct Change *next;
  sqlite3_int64 offset;  // or the size to truncate to
  int count;             // -1: a truncation
  unsigned char bytes[];
} Change;

typedef struct {
  char *path;
  unsigned char *durable;
  size_t size;
  int exists;
  Change *first, *last;
} Tracked;

typedef struct {
  int used, kind, lasting, tracking, dead;
  char prefix[512];
  int64_t at, operations, openings, struck;
  Tracked files[FILES];
  int count;
} Scope;

typedef struct {
  sqlite3_file base;
  int scope;
  Tracked *tracked;
  sqlite3_file *real;
} File;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Scope scopes[SCOPES];
static sqlite3_vfs *under;
static sqlite3_vfs vfs;

enum { PASS, FAIL, FULL, TORN, KILL };
enum { WRITE, SYNC, TRUNCATE, DELETE };

static int scope_of(const char *path) {
  if (!path) return -1;
  for (int i = 0; i < SCOPES; i++)
    if (scopes[i].used && !strncmp(path, scopes[i].prefix, strlen(scopes[i].prefix))) return i;
  return -1;
}

// What becomes of an operation; the lock is held.
static int decide(Scope *s, int operation, int grows) {
  s->operations++;
  int due = s->at > 0 && (s->operations == s->at || (s->lasting && s->operations > s->at));
  int result = PASS;
  switch (s->kind) {
    case FAULT_IO: result = due ? FAIL : PASS; break;
    case FAULT_FULL: result = due && operation == WRITE && grows ? FULL : PASS; break;
    case FAULT_TORN: result = !due ? PASS : operation == WRITE ? TORN : s->operations == s->at ? PASS : FAIL; break;
    case FAULT_KILL: result = due ? KILL : PASS; break;
    case FAULT_CUT:
      if (s->at > 0 && s->operations >= s->at) {
        s->dead = 1;
        result = FAIL;
      }
      break;
  }
  if (result != PASS) s->struck++;
  return result;
}

// Tracking of what is durable; the lock is held.

static void load(Tracked *t) {
  FILE *f = fopen(t->path, "rb");
  t->exists = f != NULL;
  t->size = 0;
  if (!f) return;
  fseek(f, 0, SEEK_END);
  long size = ftell(f);
  rewind(f);
  t->durable = malloc(size > 0 ? size : 1);
  t->size = fread(t->durable, 1, size, f);
  fclose(f);
}

static Tracked *track(Scope *s, const char *path) {
  for (int i = 0; i < s->count; i++)
    if (!strcmp(s->files[i].path, path)) return &s->files[i];
  if (s->count == FILES) return NULL;
  Tracked *t = &s->files[s->count++];
  memset(t, 0, sizeof *t);
  t->path = strdup(path);
  load(t);
  return t;
}

static void forget(Tracked *t) {
  while (t->first) {
    Change *next = t->first->next;
    free(t->first);
    t->first = next;
  }
  t->last = NULL;
}

static void resize(Tracked *t, size_t size) {
  t->durable = realloc(t->durable, size ? size : 1);
  if (size > t->size) memset(t->durable + t->size, 0, size - t->size);
  t->size = size;
}

static void apply(Tracked *t, sqlite3_int64 offset, const unsigned char *bytes, int count) {
  t->exists = 1;
  if (count < 0) {
    resize(t, offset);
    return;
  }
  if ((size_t)(offset + count) > t->size) resize(t, offset + count);
  memcpy(t->durable + offset, bytes, count);
}

static void remember(Tracked *t, sqlite3_int64 offset, const void *bytes, int count) {
  Change *c = malloc(sizeof *c + (count > 0 ? count : 0));
  c->next = NULL;
  c->offset = offset;
  c->count = count;
  if (count > 0) memcpy(c->bytes, bytes, count);
  if (t->last) t->last->next = c; else t->first = c;
  t->last = c;
}

// The methods of a file.

static int f_close(sqlite3_file *p) {
  File *f = (File *)p;
  int code = f->real->pMethods->xClose(f->real);
  p->pMethods = NULL;
  return code;
}

static int f_read(sqlite3_file *p, void *to, int count, sqlite3_int64 offset) {
  File *f = (File *)p;
  return f->real->pMethods->xRead(f->real, to, count, offset);
}

static int f_write(sqlite3_file *p, const void *from, int count, sqlite3_int64 offset) {
  File *f = (File *)p;
  sqlite3_int64 size = 0;
  f->real->pMethods->xFileSize(f->real, &size);
  pthread_mutex_lock(&lock);
  Scope *s = &scopes[f->scope];
  int dead = s->dead;
  int what = decide(s, WRITE, offset + count > size);
  if (f->tracked && !dead && (what == PASS || s->dead)) remember(f->tracked, offset, from, count);
  pthread_mutex_unlock(&lock);
  switch (what) {
    case FAIL: return SQLITE_IOERR_WRITE;
    case FULL: return SQLITE_FULL;
    case TORN:
    case KILL:
      f->real->pMethods->xWrite(f->real, from, count / 2, offset);
      if (what == KILL) kill(getpid(), SIGKILL);
      return SQLITE_IOERR_WRITE;
  }
  return f->real->pMethods->xWrite(f->real, from, count, offset);
}

static int f_truncate(sqlite3_file *p, sqlite3_int64 size) {
  File *f = (File *)p;
  pthread_mutex_lock(&lock);
  Scope *s = &scopes[f->scope];
  int dead = s->dead;
  int what = decide(s, TRUNCATE, 0);
  if (f->tracked && !dead && (what == PASS || s->dead)) remember(f->tracked, size, NULL, -1);
  pthread_mutex_unlock(&lock);
  if (what == KILL) kill(getpid(), SIGKILL);
  if (what != PASS) return SQLITE_IOERR_TRUNCATE;
  return f->real->pMethods->xTruncate(f->real, size);
}

static int f_sync(sqlite3_file *p, int flags) {
  File *f = (File *)p;
  pthread_mutex_lock(&lock);
  int what = decide(&scopes[f->scope], SYNC, 0);
  if (f->tracked && what == PASS) {
    for (Change *c = f->tracked->first; c; c = c->next) apply(f->tracked, c->offset, c->bytes, c->count);
    forget(f->tracked);
  }
  pthread_mutex_unlock(&lock);
  if (what == KILL) kill(getpid(), SIGKILL);
  if (what != PASS) return SQLITE_IOERR_FSYNC;
  // A process that is killed loses nothing that the system has taken: only a tracked scope needs to know of syncs.
  (void)flags;
  return SQLITE_OK;
}

static int f_size(sqlite3_file *p, sqlite3_int64 *size) {
  File *f = (File *)p;
  return f->real->pMethods->xFileSize(f->real, size);
}
static int f_lock(sqlite3_file *p, int level) {
  File *f = (File *)p;
  return f->real->pMethods->xLock(f->real, level);
}
static int f_unlock(sqlite3_file *p, int level) {
  File *f = (File *)p;
  return f->real->pMethods->xUnlock(f->real, level);
}
static int f_reserved(sqlite3_file *p, int *is) {
  File *f = (File *)p;
  return f->real->pMethods->xCheckReservedLock(f->real, is);
}
static int f_control(sqlite3_file *p, int op, void *arg) {
  File *f = (File *)p;
  return f->real->pMethods->xFileControl(f->real, op, arg);
}
static int f_sector(sqlite3_file *p) {
  File *f = (File *)p;
  return f->real->pMethods->xSectorSize(f->real);
}
static int f_device(sqlite3_file *p) {
  // No promise of the device is passed on: a write may be torn.
  (void)p;
  return 0;
}

static int opening(Scope *s) {
  s->openings++;
  int due = s->kind == FAULT_OPEN && s->at > 0 && (s->openings == s->at || (s->lasting && s->openings > s->at));
  if (due) s->struck++;
  return due;
}

static int f_shm_map(sqlite3_file *p, int page, int size, int extend, void volatile **to) {
  File *f = (File *)p;
  pthread_mutex_lock(&lock);
  int fails = opening(&scopes[f->scope]);
  pthread_mutex_unlock(&lock);
  if (fails) return SQLITE_IOERR_SHMMAP;
  return f->real->pMethods->xShmMap(f->real, page, size, extend, to);
}
static int f_shm_lock(sqlite3_file *p, int offset, int n, int flags) {
  File *f = (File *)p;
  return f->real->pMethods->xShmLock(f->real, offset, n, flags);
}
static void f_shm_barrier(sqlite3_file *p) {
  File *f = (File *)p;
  f->real->pMethods->xShmBarrier(f->real);
}
static int f_shm_unmap(sqlite3_file *p, int remove) {
  File *f = (File *)p;
  return f->real->pMethods->xShmUnmap(f->real, remove);
}

static const sqlite3_io_methods methods = {
    2,        f_close,    f_read,    f_write,   f_truncate,    f_sync,     f_size,   f_lock,       f_unlock, f_reserved,
    f_control, f_sector, f_device, f_shm_map, f_shm_lock, f_shm_barrier, f_shm_unmap, NULL, NULL};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *p, int flags, int *out) {
  (void)v;
  pthread_mutex_lock(&lock);
  int scope = scope_of(name);
  if (scope < 0) {
    pthread_mutex_unlock(&lock);
    return under->xOpen(under, name, p, flags, out);
  }
  File *f = (File *)p;
  f->base.pMethods = NULL;
  f->scope = scope;
  f->real = (sqlite3_file *)(f + 1);
  int fails = opening(&scopes[scope]);
  f->tracked = !fails && scopes[scope].tracking ? track(&scopes[scope], name) : NULL;
  pthread_mutex_unlock(&lock);
  if (fails) return SQLITE_CANTOPEN;
  int code = under->xOpen(under, name, f->real, flags, out);
  if (code == SQLITE_OK) f->base.pMethods = &methods;
  return code;
}

static int v_delete(sqlite3_vfs *v, const char *name, int sync) {
  (void)v;
  pthread_mutex_lock(&lock);
  int scope = scope_of(name);
  int what = scope < 0 ? PASS : decide(&scopes[scope], DELETE, 0);
  if (scope >= 0 && what == PASS)
    for (int i = 0; i < scopes[scope].count; i++) {
      Tracked *t = &scopes[scope].files[i];
      if (strcmp(t->path, name)) continue;
      forget(t);
      resize(t, 0);
      t->exists = 0;
    }
  pthread_mutex_unlock(&lock);
  if (what == KILL) kill(getpid(), SIGKILL);
  if (what != PASS) return SQLITE_IOERR_DELETE;
  return under->xDelete(under, name, sync);
}

static int v_access(sqlite3_vfs *v, const char *name, int flags, int *out) {
  (void)v;
  return under->xAccess(under, name, flags, out);
}
static int v_full(sqlite3_vfs *v, const char *name, int n, char *out) {
  (void)v;
  return under->xFullPathname(under, name, n, out);
}
static void *v_dlopen(sqlite3_vfs *v, const char *name) {
  (void)v;
  return under->xDlOpen(under, name);
}
static void v_dlerror(sqlite3_vfs *v, int n, char *out) {
  (void)v;
  under->xDlError(under, n, out);
}
static void (*v_dlsym(sqlite3_vfs *v, void *handle, const char *name))(void) {
  (void)v;
  return under->xDlSym(under, handle, name);
}
static void v_dlclose(sqlite3_vfs *v, void *handle) {
  (void)v;
  under->xDlClose(under, handle);
}
static int v_random(sqlite3_vfs *v, int n, char *out) {
  (void)v;
  return under->xRandomness(under, n, out);
}
static int v_sleep(sqlite3_vfs *v, int us) {
  (void)v;
  return under->xSleep(under, us);
}
static int v_time(sqlite3_vfs *v, double *out) {
  (void)v;
  return under->xCurrentTime(under, out);
}
static int v_error(sqlite3_vfs *v, int n, char *out) {
  (void)v;
  return under->xGetLastError(under, n, out);
}
static int v_time64(sqlite3_vfs *v, sqlite3_int64 *out) {
  (void)v;
  return under->xCurrentTimeInt64(under, out);
}

int fault_vfs_install(void) {
  static int code = -1;
  pthread_mutex_lock(&lock);
  if (code < 0) {
    sqlite3_initialize();
    under = sqlite3_vfs_find(NULL);
    vfs = (sqlite3_vfs){.iVersion = 2,
                        .szOsFile = (int)sizeof(File) + under->szOsFile,
                        .mxPathname = under->mxPathname,
                        .zName = "tallystick-fault",
                        .xOpen = v_open,
                        .xDelete = v_delete,
                        .xAccess = v_access,
                        .xFullPathname = v_full,
                        .xDlOpen = v_dlopen,
                        .xDlError = v_dlerror,
                        .xDlSym = v_dlsym,
                        .xDlClose = v_dlclose,
                        .xRandomness = v_random,
                        .xSleep = v_sleep,
                        .xCurrentTime = v_time,
                        .xGetLastError = v_error,
                        .xCurrentTimeInt64 = v_time64};
    code = sqlite3_vfs_register(&vfs, 1);
  }
  pthread_mutex_unlock(&lock);
  return code;
}

int fault_scope_begin(const char *prefix) {
  pthread_mutex_lock(&lock);
  int found = -1;
  for (int i = 0; i < SCOPES && found < 0; i++)
    if (!scopes[i].used) found = i;
  if (found >= 0) {
    memset(&scopes[found], 0, sizeof scopes[found]);
    scopes[found].used = 1;
    snprintf(scopes[found].prefix, sizeof scopes[found].prefix, "%s", prefix);
  }
  pthread_mutex_unlock(&lock);
  return found;
}

static void drop(Scope *s) {
  for (int i = 0; i < s->count; i++) {
    forget(&s->files[i]);
    free(s->files[i].durable);
    free(s->files[i].path);
  }
  s->count = 0;
}

void fault_scope_end(int scope) {
  pthread_mutex_lock(&lock);
  drop(&scopes[scope]);
  scopes[scope].used = 0;
  pthread_mutex_unlock(&lock);
}

void fault_scope_arm(int scope, int kind, int64_t at, int lasting) {
  pthread_mutex_lock(&lock);
  Scope *s = &scopes[scope];
  s->kind = kind;
  s->at = at;
  s->lasting = lasting;
  s->dead = 0;
  s->operations = s->openings = s->struck = 0;
  pthread_mutex_unlock(&lock);
}

void fault_scope_heal(int scope) {
  pthread_mutex_lock(&lock);
  scopes[scope].kind = FAULT_COUNT;
  scopes[scope].dead = 0;
  pthread_mutex_unlock(&lock);
}

static int64_t figure(int scope, size_t offset) {
  pthread_mutex_lock(&lock);
  int64_t value = *(int64_t *)((char *)&scopes[scope] + offset);
  pthread_mutex_unlock(&lock);
  return value;
}

int64_t fault_scope_operations(int scope) { return figure(scope, offsetof(Scope, operations)); }
int64_t fault_scope_openings(int scope) { return figure(scope, offsetof(Scope, openings)); }
int64_t fault_scope_struck(int scope) { return figure(scope, offsetof(Scope, struck)); }

void fault_scope_track(int scope) {
  pthread_mutex_lock(&lock);
  scopes[scope].tracking = 1;
  pthread_mutex_unlock(&lock);
}

static uint64_t next(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void fault_scope_settle(int scope, int keep, uint64_t seed) {
  pthread_mutex_lock(&lock);
  Scope *s = &scopes[scope];
  for (int i = 0; i < s->count; i++) {
    Tracked *t = &s->files[i];
    for (Change *c = t->first; c; c = c->next) {
      uint64_t dice = next(&seed);
      if (keep == 0 || (keep == 2 && (dice & 3) == 0)) continue;
      if (keep == 2 && c->count > SECTOR && (dice & 3) == 1) {
        // The disk writes whole sectors in an order of its own: this one leaves some out.
        for (int at = 0; at < c->count; at += SECTOR)
          if (next(&seed) & 1) apply(t, c->offset + at, c->bytes + at, c->count - at < SECTOR ? c->count - at : SECTOR);
      } else {
        apply(t, c->offset, c->bytes, c->count);
      }
    }
    forget(t);
    if (!t->exists) {
      unlink(t->path);
      continue;
    }
    FILE *f = fopen(t->path, "wb");
    if (!f) continue;
    fwrite(t->durable, 1, t->size, f);
    fclose(f);
  }
  drop(s);
  s->tracking = 0;
  pthread_mutex_unlock(&lock);
}
