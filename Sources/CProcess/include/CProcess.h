// Starting a child process with what posix_spawn cannot say: a death signal tied to the parent, and nothing inherited.
#ifndef SAMOVAR_CPROCESS_H
#define SAMOVAR_CPROCESS_H

#include <sys/types.h>

/// A folder that a process sees in another place.
struct samovar_mount {
    const char *source;
    const char *target;
    int is_read_only;
};

enum {
    SAMOVAR_NAMESPACE_NONE = 0,
    /// Needs CAP_SYS_ADMIN.
    SAMOVAR_NAMESPACE_MOUNT = 1,
    /// The user keeps its number and has no other.
    SAMOVAR_NAMESPACE_USER_AND_MOUNT = 2,
};

/// What keeps a process apart. A limit of 0 leaves the one that there is.
struct samovar_sandbox {
    int namespaces;
    /// Made in this order.
    const struct samovar_mount *mounts;
    size_t mount_count;
    /// The files by which control groups are entered (`tasks` or `cgroup.procs`), open for writing.
    const int *groups;
    size_t group_count;
    /// Bytes, RLIMIT_DATA.
    unsigned long long data_limit;
    unsigned long long descriptor_limit;
    /// RLIMIT_NPROC: those of the user, or of the user in the namespace.
    unsigned long long process_limit;
};

/// Whether a child can enter the sandbox; starts one that ends at once. Returns 0, or an errno and in `step` what failed.
int samovar_sandbox_try(const struct samovar_sandbox *sandbox, const char **step);

/// Starts `path` in a process group of its own, with `/dev/null` as its input, the two descriptors as its output and
/// error output, and no other descriptor; in a sandbox unless that is null.
///
/// The child is killed when the calling thread ends, so the caller must be a thread that lives as long as the program.
/// Returns 0 and sets `pid`, or an errno; `step` then names what failed.
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
);

/// A descriptor that becomes readable when the process has ended, or -1 with errno.
int samovar_process_descriptor(pid_t pid);

/// Reaps a child that has ended. Returns its wait status, or -1 with errno.
int samovar_process_reap(pid_t pid);

/// Whether a wait status says that the process exited by itself, and with what; else -1.
int samovar_process_exit_code(int status);

/// The signal that ended the process; 0 where none did.
int samovar_process_signal(int status);

/// Starts a process that kills process groups once the other end of its pipe is closed: the death signal reaches only
/// the processes that the host itself has started, not what those have started.
///
/// A group's number, written to `channel` as an int, puts the group on its list, and the negative number takes it off.
/// Returns 0, or an errno.
int samovar_guardian_start(pid_t *pid, int *channel);

/// Makes the guardian kill what is in the control groups whose paths begin with `prefix`, and remove them; at most 8
/// times. Returns 0, or an errno.
int samovar_guardian_watch_control_groups(int channel, const char *prefix);

/// Makes a pipe that no child inherits. Returns 0, or -1 with errno.
int samovar_pipe(int ends[2], int is_non_blocking);

/// Copies what the pipe `descriptor` holds, at most `size` bytes and at most what a pipe of the usual size holds, and
/// leaves it there; returns how many bytes, or -1 with errno.
ssize_t samovar_pipe_peek(int descriptor, void *buffer, size_t size);

#endif
