// Starting a child process with what posix_spawn cannot say: a death signal tied to the parent, and nothing inherited.
#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#define SAMOVAR_CLOSE_RANGE_CLOEXEC 4

// What failed in the child, as it travels through the status pipe.
struct failure {
    int error;
    int step;
};

static const char *const step_names[] = {
    "process group", "death signal", "descriptors", "working directory", "execve",
};

static void close_on_exec_from(int first, int limit) {
    if (syscall(SYS_close_range, first, ~0U, SAMOVAR_CLOSE_RANGE_CLOEXEC) == 0) return;
    for (int descriptor = first; descriptor < limit; descriptor++) {
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
}

// Only async-signal-safe calls: the parent has threads, and their locks are copied as they were.
_Noreturn static void become(
    const char *path,
    char *const arguments[],
    char *const environment[],
    const char *directory,
    int output,
    int error_output,
    int status,
    pid_t parent,
    int descriptor_limit
) {
    struct failure failure = {0, 0};
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t none;

    if (setpgid(0, 0) != 0) goto failed;
    failure.step = 1;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
    // The parent may have ended before the death signal was set.
    if (getppid() != parent) _exit(127);
    failure.step = 2;
    for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &standard, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // Out of the way of 0 to 2 first, in case the program was started without them.
    int high_status = fcntl(status, F_DUPFD_CLOEXEC, 10);
    if (high_status < 0) goto failed;
    status = high_status;
    int high_output = fcntl(output, F_DUPFD_CLOEXEC, 10);
    int high_error = fcntl(error_output, F_DUPFD_CLOEXEC, 10);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (high_output < 0 || high_error < 0 || input < 0) goto failed;
    if (input == 0) {
        if (fcntl(0, F_SETFD, 0) != 0) goto failed;
    } else if (dup2(input, 0) < 0) {
        goto failed;
    }
    if (dup2(high_output, 1) < 0 || dup2(high_error, 2) < 0) goto failed;
    close_on_exec_from(3, descriptor_limit);
    failure.step = 3;
    if (chdir(directory) != 0) goto failed;
    failure.step = 4;
    execve(path, arguments, environment);
failed:
    failure.error = errno;
    while (write(status, &failure, sizeof failure) < 0 && errno == EINTR) {}
    _exit(127);
}

int samovar_process_spawn(
    const char *path,
    char *const arguments[],
    char *const environment[],
    const char *directory,
    int output,
    int error_output,
    pid_t *pid,
    const char **step
) {
    int status[2];
    *step = "pipe";
    if (pipe2(status, O_CLOEXEC) != 0) return errno;

    struct rlimit limit;
    int descriptor_limit = 65536;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536) descriptor_limit = (int)limit.rlim_cur;

    // No signal handler of ours may run in the child before it is reset there.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t child = fork();
    int fork_error = errno;
    if (child == 0) {
        become(
            path, arguments, environment, directory, output, error_output, status[1], parent, descriptor_limit
        );
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(status[1]);
    if (child < 0) {
        close(status[0]);
        *step = "fork";
        return fork_error;
    }
    // The group must be there before anyone signals it; the child does the same, the first wins.
    setpgid(child, child);

    struct failure failure;
    ssize_t count;
    do { count = read(status[0], &failure, sizeof failure); } while (count < 0 && errno == EINTR);
    close(status[0]);
    if (count == (ssize_t)sizeof failure) {
        samovar_process_reap(child);
        *step = step_names[failure.step];
        return failure.error;
    }
    *pid = child;
    return 0;
}

int samovar_process_descriptor(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int samovar_process_reap(pid_t pid) {
    int status;
    pid_t reaped;
    do { reaped = waitpid(pid, &status, 0); } while (reaped < 0 && errno == EINTR);
    return reaped < 0 ? -1 : status;
}

int samovar_process_exit_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int samovar_process_signal(int status) {
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

int samovar_pipe(int ends[2], int is_non_blocking) {
    return pipe2(ends, is_non_blocking ? O_CLOEXEC | O_NONBLOCK : O_CLOEXEC);
}

#define GUARDED_GROUPS 4096

// Only async-signal-safe calls here as well.
_Noreturn static void guard(int channel) {
    static int groups[GUARDED_GROUPS];
    int count = 0;
    int message;
    ssize_t size;
    while ((size = read(channel, &message, sizeof message)) != 0) {
        if (size != (ssize_t)sizeof message) {
            if (size < 0 && errno == EINTR) continue;
            break;
        }
        if (message > 0) {
            if (count < GUARDED_GROUPS) groups[count++] = message;
            continue;
        }
        for (int index = 0; index < count; index++) {
            if (groups[index] != -message) continue;
            groups[index] = groups[--count];
            break;
        }
    }
    for (int index = 0; index < count; index++) kill(-groups[index], SIGKILL);
    _exit(0);
}

int samovar_guardian_start(pid_t *pid, int *channel) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    int fork_error = errno;
    if (child == 0) {
        // All signals stay blocked, and the terminal's do not come to another session: it ends after the host.
        setsid();
        prctl(PR_SET_NAME, "samovar-guard");
        if (chdir("/") != 0 || dup2(ends[0], 0) < 0) _exit(1);
        if (syscall(SYS_close_range, 1, ~0U, 0) != 0) {
            for (int descriptor = 1; descriptor < 65536; descriptor++) close(descriptor);
        }
        guard(0);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[0]);
    if (child < 0) {
        close(ends[1]);
        return fork_error;
    }
    *pid = child;
    *channel = ends[1];
    return 0;
}
