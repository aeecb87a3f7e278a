#include "plain.h"

#include <elf.h>
#include <errno.h>
#include <unistd.h>

#ifdef PLAIN_MACHINE
int clinux_write_plain(int descriptor, const char *start, const char *stop, size_t entry) {
    const size_t length = (size_t)(stop - start);
    const Elf64_Addr base = 0x10000;
    struct {
        Elf64_Ehdr file;
        Elf64_Phdr parts[2];
    } header = {
        .file = {
            .e_ident = {0x7F, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
            .e_type = ET_EXEC,
            .e_machine = PLAIN_MACHINE,
            .e_version = EV_CURRENT,
            .e_phoff = sizeof(Elf64_Ehdr),
            .e_ehsize = sizeof(Elf64_Ehdr),
            .e_phentsize = sizeof(Elf64_Phdr),
            .e_phnum = 2,
        },
        .parts = {
            {.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = base, .p_align = 0x1000},
            {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16},
        },
    };
    header.file.e_entry = base + sizeof header + entry;
    header.parts[0].p_filesz = header.parts[0].p_memsz = sizeof header + length;
    if (write(descriptor, &header, sizeof header) != (ssize_t)sizeof header) return -1;
    return write(descriptor, start, length) == (ssize_t)length ? 0 : -1;
}
#else
int clinux_write_plain(int descriptor, const char *start, const char *stop, size_t entry) {
    (void)descriptor, (void)start, (void)stop, (void)entry;
    errno = ENOSYS;
    return -1;
}
#endif
