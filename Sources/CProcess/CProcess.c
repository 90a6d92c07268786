// Starting a child process with what posix_spawn cannot say: a death signal tied to the parent, and nothing inherited.
#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
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

enum {
    STEP_PROCESS_GROUP, STEP_CONTROL_GROUP, STEP_NAMESPACE, STEP_MOUNT, STEP_LIMITS, STEP_DEATH_SIGNAL,
    STEP_DESCRIPTORS, STEP_DIRECTORY, STEP_EXECVE,
};

static const char *const step_names[] = {
    "process group", "control group", "namespace", "mount", "limits", "death signal", "descriptors",
    "working directory", "execve",
};

static void close_on_exec_from(int first, int limit) {
    if (syscall(SYS_close_range, first, ~0U, SAMOVAR_CLOSE_RANGE_CLOEXEC) == 0) return;
    for (int descriptor = first; descriptor < limit; descriptor++) {
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
}

static int write_text(const char *path, const char *text, size_t length) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return -1;
    ssize_t count = write(descriptor, text, length);
    int error = errno;
    close(descriptor);
    errno = error;
    return count == (ssize_t)length ? 0 : -1;
}

static size_t append_number(char *text, size_t length, unsigned number) {
    char digits[10];
    size_t count = 0;
    do { digits[count++] = (char)('0' + number % 10); } while ((number /= 10) > 0);
    while (count > 0) text[length++] = digits[--count];
    return length;
}

// Maps one number to itself: "1000 1000 1".
static int map_identity(const char *path, unsigned number) {
    char text[32];
    size_t length = append_number(text, 0, number);
    text[length++] = ' ';
    length = append_number(text, length, number);
    text[length++] = ' ';
    text[length++] = '1';
    return write_text(path, text, length);
}

static int enter_namespaces(int namespaces) {
    if (namespaces == SAMOVAR_NAMESPACE_MOUNT) return unshare(CLONE_NEWNS);
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return -1;
    // An old kernel has no such file; then a group may be mapped without it.
    if (write_text("/proc/self/setgroups", "deny", 4) != 0 && errno != ENOENT) return -1;
    if (map_identity("/proc/self/uid_map", user) != 0) return -1;
    return map_identity("/proc/self/gid_map", group);
}

static int bind_mount(const struct samovar_mount *wanted) {
    if (mount(wanted->source, wanted->target, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
    if (!wanted->is_read_only) return 0;
    // In a user namespace the flags that the file system has may not be dropped.
    struct statfs status;
    if (statfs(wanted->target, &status) != 0) return -1;
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY;
    if (status.f_flags & ST_NOSUID) flags |= MS_NOSUID;
    if (status.f_flags & ST_NODEV) flags |= MS_NODEV;
    if (status.f_flags & ST_NOEXEC) flags |= MS_NOEXEC;
    if (status.f_flags & ST_NOATIME) flags |= MS_NOATIME;
    if (status.f_flags & ST_NODIRATIME) flags |= MS_NODIRATIME;
    if (status.f_flags & ST_RELATIME) flags |= MS_RELATIME;
    return mount(NULL, wanted->target, NULL, flags, NULL);
}

// A limit that is lower already stays.
static int set_limit(int resource, rlim_t value) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return -1;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value) limit.rlim_max = value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit);
}

static int enter_sandbox(const struct samovar_sandbox *sandbox, int *step) {
    *step = STEP_CONTROL_GROUP;
    for (size_t index = 0; index < sandbox->group_count; index++) {
        if (write(sandbox->groups[index], "0", 1) != 1) return -1;
    }
    if (sandbox->namespaces != SAMOVAR_NAMESPACE_NONE) {
        *step = STEP_NAMESPACE;
        if (enter_namespaces(sandbox->namespaces) != 0) return -1;
        *step = STEP_MOUNT;
        // What is mounted here stays here; what the machine mounts later is seen.
        if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) return -1;
        for (size_t index = 0; index < sandbox->mount_count; index++) {
            if (bind_mount(&sandbox->mounts[index]) != 0) return -1;
        }
    }
    *step = STEP_LIMITS;
    if (set_limit(RLIMIT_CORE, 0) != 0) return -1;
    if (sandbox->data_limit != 0 && set_limit(RLIMIT_DATA, sandbox->data_limit) != 0) return -1;
    if (sandbox->process_limit != 0 && set_limit(RLIMIT_NPROC, sandbox->process_limit) != 0) return -1;
    return 0;
}

// What a child starts as.
struct start {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    int output;
    int error_output;
    const struct samovar_sandbox *sandbox;
    int status;
    pid_t parent;
    int descriptor_limit;
};

// Only async-signal-safe calls: the parent has threads, and their locks are copied as they were.
_Noreturn static void become(const struct start *start) {
    struct failure failure = {0, STEP_PROCESS_GROUP};
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t none;
    int status = start->status;

    if (setpgid(0, 0) != 0) goto failed;
    if (start->sandbox != NULL && enter_sandbox(start->sandbox, &failure.step) != 0) goto failed;
    failure.step = STEP_DEATH_SIGNAL;
    // After the namespaces: entering that of another user clears it.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
    // The parent may have ended before the death signal was set.
    if (getppid() != start->parent) _exit(127);
    failure.step = STEP_DESCRIPTORS;
    for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &standard, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // Out of the way of 0 to 2 first, in case the program was started without them.
    int high_status = fcntl(status, F_DUPFD_CLOEXEC, 10);
    if (high_status < 0) goto failed;
    status = high_status;
    int high_output = fcntl(start->output, F_DUPFD_CLOEXEC, 10);
    int high_error = fcntl(start->error_output, F_DUPFD_CLOEXEC, 10);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (high_output < 0 || high_error < 0 || input < 0) goto failed;
    if (input == 0) {
        if (fcntl(0, F_SETFD, 0) != 0) goto failed;
    } else if (dup2(input, 0) < 0) {
        goto failed;
    }
    if (dup2(high_output, 1) < 0 || dup2(high_error, 2) < 0) goto failed;
    close_on_exec_from(3, start->descriptor_limit);
    failure.step = STEP_DIRECTORY;
    if (chdir(start->directory) != 0) goto failed;
    failure.step = STEP_LIMITS;
    // Last, as the host may hold more descriptors than that until execve closes them.
    if (start->sandbox != NULL && start->sandbox->descriptor_limit != 0
        && set_limit(RLIMIT_NOFILE, start->sandbox->descriptor_limit) != 0) goto failed;
    failure.step = STEP_EXECVE;
    execve(start->path, start->arguments, start->environment);
failed:
    failure.error = errno;
    while (write(status, &failure, sizeof failure) < 0 && errno == EINTR) {}
    _exit(127);
}

// Forks with all signals blocked, and they stay so in the child: no handler of ours may run there.
static pid_t fork_without_signals(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    int fork_error = errno;
    if (child != 0) pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = fork_error;
    return child;
}

// Reads what a child has written to its status pipe; returns whether it has.
static int read_failure(int status, struct failure *failure) {
    ssize_t count;
    do { count = read(status, failure, sizeof *failure); } while (count < 0 && errno == EINTR);
    close(status);
    return count == (ssize_t)sizeof *failure;
}

int samovar_process_spawn(
    const char *path,
    char *const arguments[],
    char *const environment[],
    const char *directory,
    int output,
    int error_output,
    const struct samovar_sandbox *sandbox,
    pid_t *pid,
    const char **step
) {
    int status[2];
    *step = "pipe";
    if (pipe2(status, O_CLOEXEC) != 0) return errno;

    struct rlimit limit;
    int descriptor_limit = 65536;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536) descriptor_limit = (int)limit.rlim_cur;

    struct start start = {
        path, arguments, environment, directory, output, error_output, sandbox, status[1], getpid(), descriptor_limit,
    };
    pid_t child = fork_without_signals();
    int fork_error = errno;
    if (child == 0) become(&start);
    close(status[1]);
    if (child < 0) {
        close(status[0]);
        *step = "fork";
        return fork_error;
    }
    // The group must be there before anyone signals it; the child does the same, the first wins.
    setpgid(child, child);

    struct failure failure;
    if (read_failure(status[0], &failure)) {
        samovar_process_reap(child);
        *step = step_names[failure.step];
        return failure.error;
    }
    *pid = child;
    return 0;
}

int samovar_sandbox_try(const struct samovar_sandbox *sandbox, const char **step) {
    int status[2];
    *step = "pipe";
    if (pipe2(status, O_CLOEXEC) != 0) return errno;
    pid_t child = fork_without_signals();
    int fork_error = errno;
    if (child == 0) {
        struct failure failure = {0, 0};
        if (enter_sandbox(sandbox, &failure.step) != 0) failure.error = errno;
        while (write(status[1], &failure, sizeof failure) < 0 && errno == EINTR) {}
        _exit(0);
    }
    close(status[1]);
    if (child < 0) {
        close(status[0]);
        *step = "fork";
        return fork_error;
    }
    struct failure failure;
    int is_there = read_failure(status[0], &failure);
    samovar_process_reap(child);
    if (!is_there) return EPIPE;
    *step = step_names[failure.step];
    return failure.error;
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
#define GUARDED_PREFIXES 8

// A message of a zero in place of a group, short enough that the kernel does not split it.
struct guarded_prefix {
    int zero;
    char text[1020];
};

// What the kernel writes for each entry of a folder (`man 2 getdents64`).
struct folder_entry {
    unsigned long long inode;
    long long offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static void kill_processes(int list) {
    char text[4096];
    ssize_t size;
    int process = 0;
    while ((size = read(list, text, sizeof text)) > 0) {
        for (ssize_t index = 0; index < size; index++) {
            if (text[index] != '\n') {
                process = process * 10 + (text[index] - '0');
                continue;
            }
            if (process > 0) kill(process, SIGKILL);
            process = 0;
        }
    }
}

static void remove_control_group(int folder, const char *name) {
    // A process that forks as fast as it is killed is caught by the limit on processes.
    for (int turn = 0; turn < 500; turn++) {
        if (unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return;
        int group = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int list = openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
        if (list >= 0) kill_processes(list);
        close(list);
        close(group);
        usleep(2000);
    }
}

// Removes the control groups whose paths begin so, with all that is in them.
static void remove_control_groups(char *prefix) {
    char *name = strrchr(prefix, '/');
    if (name == NULL) return;
    *name++ = 0;
    int folder = open(prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    _Alignas(struct folder_entry) char entries[8192];
    long size;
    while ((size = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long offset = 0; offset < size;) {
            struct folder_entry *entry = (struct folder_entry *)(entries + offset);
            offset += entry->length;
            if (strncmp(entry->name, name, strlen(name)) == 0) remove_control_group(folder, entry->name);
        }
    }
    close(folder);
}

// Only async-signal-safe calls here as well.
_Noreturn static void guard(int channel) {
    static int groups[GUARDED_GROUPS];
    static char prefixes[GUARDED_PREFIXES][sizeof ((struct guarded_prefix *)0)->text];
    int count = 0;
    int prefix_count = 0;
    int message;
    ssize_t size;
    while ((size = read(channel, &message, sizeof message)) != 0) {
        if (size != (ssize_t)sizeof message) {
            if (size < 0 && errno == EINTR) continue;
            break;
        }
        if (message == 0) {
            if (prefix_count == GUARDED_PREFIXES) break;
            char *text = prefixes[prefix_count];
            if (read(channel, text, sizeof prefixes[0]) != (ssize_t)sizeof prefixes[0]) break;
            text[sizeof prefixes[0] - 1] = 0;
            prefix_count++;
            continue;
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
    // What has left its process group is still in its control group.
    for (int index = 0; index < prefix_count; index++) remove_control_groups(prefixes[index]);
    _exit(0);
}

int samovar_guardian_start(pid_t *pid, int *channel) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    pid_t child = fork_without_signals();
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
    close(ends[0]);
    if (child < 0) {
        close(ends[1]);
        return fork_error;
    }
    *pid = child;
    *channel = ends[1];
    return 0;
}

int samovar_guardian_watch_control_groups(int channel, const char *prefix) {
    struct guarded_prefix message = {0};
    size_t length = strlen(prefix);
    if (length >= sizeof message.text) return ENAMETOOLONG;
    memcpy(message.text, prefix, length);
    return write(channel, &message, sizeof message) == (ssize_t)sizeof message ? 0 : errno;
}
