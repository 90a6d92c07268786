// The door to libarchive.
#include <archive.h>
#include <archive_entry.h>

enum {
    SAMOVAR_ENTRY_FILE = AE_IFREG,
    SAMOVAR_ENTRY_FOLDER = AE_IFDIR,
    SAMOVAR_ENTRY_LINK = AE_IFLNK,
};
