#include "CMosquitto.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

pid_t cmosquitto_spawn(const char *path, char *const arguments[]) {
  pid_t parent = getpid();
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    // Only functions that are safe after a fork of a program with threads.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    // Ctrl-C on the terminal is for the parent, which then stops the broker in its own order.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(127);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    // A broker that lives on would keep this program's connections open after it has closed them.
    closefrom(3);
    execv(path, arguments);
    _exit(127);
  }
  int saved = errno;
  close(null);
  errno = saved;
  return child;
}
