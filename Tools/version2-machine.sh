#!/bin/sh
# Runs kernel tests in a virtual machine that has only version 2 control groups, unlike many hosts.
# Not a part of `make test`: it requires qemu-system-x86, cpio, e2fsprogs, busybox-static and a
# kernel package of Debian, and takes minutes without KVM.
#
# usage: Tools/version2-machine.sh KERNEL.deb [FILTER]
#   KERNEL.deb  from: apt-get download linux-image-6.1.0-NN-cloud-amd64
#   FILTER      a regular expression of tests; default: those of the container runtime
#   BUILD       directory of a debug build with tests; .build/debug unless set
set -eu

kernel=$1
filter=${2:-^ContainerRuntimeTests\\.}
build=$(realpath "${BUILD:-.build/debug}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=$(basename "$build"/*.xctest)

dpkg-deb -x "$kernel" "$work/kernel"
version=$(ls "$work/kernel/lib/modules")
modules=$work/kernel/lib/modules/$version

# The machine's disk: busybox, the program, its tests, and the libraries of all three.
root=$work/root
for directory in bin dev etc lib/modules proc root run sys tmp usr/bin "$build"; do
    mkdir -p "$root/$directory"
done
cp "$build/swiftcompose" "$build/$tests" "$root/$build/"
cp /bin/busybox "$root/bin/"
for program in "$build/swiftcompose" "$build/$tests"; do
    ldd "$program" | grep -o '/[^ )]*' | sort -u | while read -r library; do
        mkdir -p "$root/$(dirname "$library")"
        cp -L "$library" "$root/$library"
    done
done
cp -a "$modules" "$root/lib/modules/"
busybox depmod -b "$root" "$version"
echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"
cat > "$root/init" << END
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts; mount -t tmpfs tmpfs /dev/shm; mount -t tmpfs tmpfs /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
modprobe overlay
cd $build
./$tests --testing-library swift-testing --filter '$filter'
echo "status \$?"
poweroff -f
END
chmod +x "$root/init"

# The initial RAM disk: loads the drivers and mounts the disk.
first=$work/first
mkdir -p "$first/bin" "$first/dev" "$first/new"
cp /bin/busybox "$first/bin/"
drivers="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk"
{
    echo '#!/bin/busybox sh'
    echo '/bin/busybox mount -t devtmpfs devtmpfs /dev'
    for driver in $drivers; do
        cp "$(find "$modules" -name "$driver.ko")" "$first/"
        echo "/bin/busybox insmod /$driver.ko"
    done
    echo '/bin/busybox mount -t ext4 /dev/vda /new'
    echo 'exec /bin/busybox switch_root /new /init'
} > "$first/init"
chmod +x "$first/init"
(cd "$first" && find . | cpio --quiet -o -H newc) > "$work/first.cpio"

truncate -s "$(($(du -sm "$root" | cut -f1) + 600))M" "$work/disk"
mke2fs -q -t ext4 -d "$root" "$work/disk"
qemu-system-x86_64 -accel "${ACCEL:-tcg}" -cpu max -m 2048 -smp 2 -nographic -no-reboot -nic none \
    -kernel "$work/kernel/boot/vmlinuz-$version" -initrd "$work/first.cpio" \
    -append "console=ttyS0 panic=-1 quiet cgroup_no_v1=all" \
    -drive "file=$work/disk,if=virtio,format=raw" | tee "$work/log"
grep -q '^status 0' "$work/log"
