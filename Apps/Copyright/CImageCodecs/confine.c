#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CImageCodecs.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static int limit(int which, uint64_t value) {
  struct rlimit l = {value, value};
  return setrlimit(which, &l);
}

#ifdef ARCHITECTURE
#define ALLOW(number)                                     \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##number, 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static int filter(void) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(read),
      ALLOW(write),
      ALLOW(mmap),
      ALLOW(munmap),
      ALLOW(mremap),
      ALLOW(mprotect),
      ALLOW(madvise),
      ALLOW(brk),
      ALLOW(futex),
      ALLOW(exit),
      ALLOW(exit_group),
      ALLOW(rt_sigreturn),
      ALLOW(rt_sigaction),
      ALLOW(rt_sigprocmask),
      ALLOW(getpid),
      ALLOW(gettid),
      ALLOW(tgkill),
      ALLOW(getrandom),
      ALLOW(clock_gettime),
      ALLOW(getrusage),
      ALLOW(prlimit64),
      ALLOW(sched_yield),
      ALLOW(restart_syscall),
      // Everything else is refused, and a refused call is an error like any other to whoever makes it.
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
  struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
#else
static int filter(void) { return -1; }
#endif

int cimage_confine(uint64_t memory) {
#ifdef __NR_close_range
  syscall(__NR_close_range, 3U, ~0U, 0);
#endif
  if (limit(RLIMIT_AS, memory) || limit(RLIMIT_NOFILE, 3) || limit(RLIMIT_FSIZE, 0) || limit(RLIMIT_CORE, 0)) return -1;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return 0;
  return filter() == 0 ? 1 : 0;
}

int cimage_allow_seconds(uint32_t seconds) {
  struct rusage usage;
  struct rlimit l;
  if (getrusage(RUSAGE_SELF, &usage) || getrlimit(RLIMIT_CPU, &l)) return -1;
  rlim_t used = (rlim_t)usage.ru_utime.tv_sec + (rlim_t)usage.ru_stime.tv_sec + 1;
  l.rlim_cur = used + seconds;
  if (l.rlim_max != RLIM_INFINITY && l.rlim_cur > l.rlim_max) l.rlim_cur = l.rlim_max;
  return setrlimit(RLIMIT_CPU, &l);
}

int cimage_spawn(const char *path, char *const *arguments, int *process, int *socket) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return errno;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  // A connection that the parent closes must not stay open here.
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  // The parent's handlers and masks are none of the child's business.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  // Where the shared libraries are is all that it learns of the environment.
  char *environment[2] = {NULL, NULL};
  const char *libraries = getenv("LD_LIBRARY_PATH");
  char *entry = NULL;
  if (libraries && asprintf(&entry, "LD_LIBRARY_PATH=%s", libraries) >= 0) environment[0] = entry;
  pid_t pid = 0;
  int reason = posix_spawn(&pid, path, &actions, &attributes, arguments, environment);
  free(entry);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (reason) {
    close(ends[0]);
    return reason;
  }
  *process = pid;
  *socket = ends[0];
  return 0;
}
