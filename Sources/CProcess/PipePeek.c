// What a pipe holds, without taking it out.

#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

ssize_t samovar_pipe_peek(int descriptor, void *buffer, size_t size) {
    int copy[2];
    if (pipe2(copy, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    ssize_t count = tee(descriptor, copy[1], size, SPLICE_F_NONBLOCK);
    if (count > 0) count = read(copy[0], buffer, (size_t)count);
    int status = errno;
    close(copy[0]);
    close(copy[1]);
    errno = status;
    return count;
}
