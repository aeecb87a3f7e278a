// The functions of libarchive in use, bound on the first call: it depends on fifteen libraries,
// which take 2 ms to load, and few commands read or write archives.
#pragma GCC visibility push(hidden)
#include "carchive.h"
#include <clinux_library.h>

#define LAZY(result, name, parameters, arguments) \
    CLINUX_LAZY(libarchive, result, name, parameters, arguments)

static struct clinux_library libarchive = {"libarchive.so.13", "libarchive13"};

LAZY(void, archive_entry_copy_hardlink, (struct archive_entry *a, const char *b), (a, b))
LAZY(void, archive_entry_copy_pathname, (struct archive_entry *a, const char *b), (a, b))
LAZY(void, archive_entry_copy_symlink, (struct archive_entry *a, const char *b), (a, b))
LAZY(mode_t, archive_entry_filetype, (struct archive_entry *a), (a))
LAZY(void, archive_entry_free, (struct archive_entry *a), (a))
LAZY(la_int64_t, archive_entry_gid, (struct archive_entry *a), (a))
LAZY(const char *, archive_entry_hardlink, (struct archive_entry *a), (a))
LAZY(time_t, archive_entry_mtime, (struct archive_entry *a), (a))
LAZY(long, archive_entry_mtime_nsec, (struct archive_entry *a), (a))
LAZY(struct archive_entry *, archive_entry_new, (void), ())
LAZY(const char *, archive_entry_pathname, (struct archive_entry *a), (a))
LAZY(mode_t, archive_entry_perm, (struct archive_entry *a), (a))
LAZY(dev_t, archive_entry_rdevmajor, (struct archive_entry *a), (a))
LAZY(dev_t, archive_entry_rdevminor, (struct archive_entry *a), (a))
LAZY(void, archive_entry_set_filetype, (struct archive_entry *a, unsigned int b), (a, b))
LAZY(void, archive_entry_set_gid, (struct archive_entry *a, la_int64_t b), (a, b))
LAZY(void, archive_entry_set_mtime, (struct archive_entry *a, time_t b, long c), (a, b, c))
LAZY(void, archive_entry_set_perm, (struct archive_entry *a, mode_t b), (a, b))
LAZY(void, archive_entry_set_rdevmajor, (struct archive_entry *a, dev_t b), (a, b))
LAZY(void, archive_entry_set_rdevminor, (struct archive_entry *a, dev_t b), (a, b))
LAZY(void, archive_entry_set_size, (struct archive_entry *a, la_int64_t b), (a, b))
LAZY(void, archive_entry_set_uid, (struct archive_entry *a, la_int64_t b), (a, b))
LAZY(la_int64_t, archive_entry_size, (struct archive_entry *a), (a))
LAZY(void, archive_entry_sparse_add_entry,
     (struct archive_entry *a, la_int64_t b, la_int64_t c), (a, b, c))
LAZY(const char *, archive_entry_symlink, (struct archive_entry *a), (a))
LAZY(la_int64_t, archive_entry_uid, (struct archive_entry *a), (a))
LAZY(void, archive_entry_xattr_add_entry,
     (struct archive_entry *a, const char *b, const void *c, size_t d), (a, b, c, d))
LAZY(int, archive_entry_xattr_next,
     (struct archive_entry *a, const char **b, const void **c, size_t *d), (a, b, c, d))
LAZY(int, archive_entry_xattr_reset, (struct archive_entry *a), (a))
LAZY(const char *, archive_error_string, (struct archive *a), (a))
LAZY(int, archive_filter_code, (struct archive *a, int b), (a, b))
LAZY(la_ssize_t, archive_read_data, (struct archive *a, void *b, size_t c), (a, b, c))
LAZY(int, archive_read_data_block,
     (struct archive *a, const void **b, size_t *c, la_int64_t *d), (a, b, c, d))
LAZY(int, archive_read_free, (struct archive *a), (a))
LAZY(struct archive *, archive_read_new, (void), ())
LAZY(int, archive_read_next_header, (struct archive *a, struct archive_entry **b), (a, b))
LAZY(int, archive_read_open,
     (struct archive *a, void *b, archive_open_callback *c, archive_read_callback *d, archive_close_callback *e), (a, b, c, d, e))
LAZY(int, archive_read_support_filter_bzip2, (struct archive *a), (a))
LAZY(int, archive_read_support_filter_gzip, (struct archive *a), (a))
LAZY(int, archive_read_support_filter_xz, (struct archive *a), (a))
LAZY(int, archive_read_support_filter_zstd, (struct archive *a), (a))
LAZY(int, archive_read_support_format_empty, (struct archive *a), (a))
LAZY(int, archive_read_support_format_raw, (struct archive *a), (a))
LAZY(int, archive_read_support_format_tar, (struct archive *a), (a))
LAZY(int, archive_write_add_filter_gzip, (struct archive *a), (a))
LAZY(int, archive_write_add_filter_none, (struct archive *a), (a))
LAZY(int, archive_write_add_filter_zstd, (struct archive *a), (a))
LAZY(int, archive_write_close, (struct archive *a), (a))
LAZY(la_ssize_t, archive_write_data, (struct archive *a, const void *b, size_t c), (a, b, c))
LAZY(int, archive_write_free, (struct archive *a), (a))
LAZY(int, archive_write_header, (struct archive *a, struct archive_entry *b), (a, b))
LAZY(struct archive *, archive_write_new, (void), ())
LAZY(int, archive_write_open,
     (struct archive *a, void *b, archive_open_callback *c, archive_write_callback *d, archive_close_callback *e), (a, b, c, d, e))
LAZY(int, archive_write_set_bytes_in_last_block, (struct archive *a, int b), (a, b))
LAZY(int, archive_write_set_bytes_per_block, (struct archive *a, int b), (a, b))
LAZY(int, archive_write_set_format_pax_restricted, (struct archive *a), (a))
LAZY(int, archive_write_set_format_raw, (struct archive *a), (a))
LAZY(int, archive_write_set_options, (struct archive *a, const char *b), (a, b))
