// A SQLite VFS for tests: passes everything on to the system's own, and fails, tears, kills or cuts the power at the
// n-th write, sync, truncation or deletion of files under a folder. Other files are not touched.
#ifndef TALLYSTICK_FAULTVFS_H
#define TALLYSTICK_FAULTVFS_H

#include <stdint.h>

// Kinds of faults. A lasting one goes on until the scope is healed.
enum {
  FAULT_COUNT = 0,  // none: count only
  FAULT_IO = 1,     // the operation fails and does nothing
  FAULT_FULL = 2,   // a write that makes a file longer finds the disk full
  FAULT_TORN = 3,   // a write stores its first half and fails
  FAULT_KILL = 4,   // a write stores its first half and the process gets SIGKILL
  FAULT_CUT = 5,    // the power goes: this and every later operation fails, and what was not synced may be lost
  FAULT_OPEN = 6,   // the n-th opening of a file or mapping of shared memory fails; counted by themselves
};

// Makes the VFS the process's default, once; connections opened before keep the system's. 0, or SQLite's code.
int fault_vfs_install(void);

// Watches the files whose paths begin with `prefix`; gives the scope's number, or -1 when there are too many.
int fault_scope_begin(const char *prefix);
void fault_scope_end(int scope);

// Counts from zero again, and arms a fault for the `at`-th operation (from 1).
void fault_scope_arm(int scope, int kind, int64_t at, int lasting);
// No more faults.
void fault_scope_heal(int scope);
// Operations since the scope was armed: writes, syncs, truncations, deletions; or openings and mappings.
int64_t fault_scope_operations(int scope);
int64_t fault_scope_openings(int scope);
// How often the fault has struck.
int64_t fault_scope_struck(int scope);

// From here on what has not been synced is remembered; files already open are not followed.
void fault_scope_track(int scope);
// After the power went and every file is closed: leaves the files as a disk would. What was synced is there; of the
// rest nothing (keep 0), everything (keep 1), or what follows from the seed, torn at sectors (keep 2).
void fault_scope_settle(int scope, int keep, uint64_t seed);

// SQL over a file through a connection of its own with a function flip(value, byte, mask) for integers (big-endian),
// texts and blobs. 0, or SQLite's code.
int tamper_run(const char *path, const char *sql);
// The rows as lines of columns separated by '|'; to be freed, or NULL.
char *tamper_select(const char *path, const char *sql);
void tamper_free(char *text);

#endif
