#!/bin/bash
# build-image.sh SUITE CACHE_DIR
# Builds (or finds) the guest: vmlinuz, initrd.gz, root.ext4, versions.txt in CACHE_DIR/SUITE-HASH, where HASH covers this
# script, image/ and the suite. Prints that folder on stdout, progress on stderr. Needs root; see prepare.sh.
# bookworm has Libreswan 4.10, trixie 5.2.
set -euo pipefail

SUITE=${1:?usage: build-image.sh SUITE CACHE_DIR}
CACHE=$(mkdir -p "${2:?usage: build-image.sh SUITE CACHE_DIR}" && cd "$2" && pwd)
HERE=$(cd "$(dirname "$0")" && pwd)
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

HASH=$({ echo "$SUITE"; cat "$HERE/build-image.sh" "$HERE"/image/*; } | sha256sum | cut -c1-12)
IMAGE=$CACHE/$SUITE-$HASH
say() { printf 'image %s %5.1f s  %s\n' "$SUITE" "$(awk -v a="$STARTED" -v b="$(date +%s.%N)" 'BEGIN{print b-a}')" "$*" >&2; }
STARTED=$(date +%s.%N)
fail() { say "error: $*"; exit 2; }

exec 9>"$CACHE/.$SUITE-$HASH.lock"
flock 9   # a second builder of the same image waits here, then finds it
if [ -d "$IMAGE" ]; then echo "$IMAGE"; exit 0; fi
[ "$(id -u)" = 0 ] || fail "mmdebstrap needs root here"
[ -r "$KEYRING" ] || fail "no $KEYRING; install debian-archive-keyring"

WORK=$CACHE/.build-$SUITE-$HASH.$$
trap 'rm -rf "$WORK"' EXIT
mkdir -p "$WORK/image" "$WORK/kernel" "$WORK/initramfs/bin" "$WORK/initramfs/modules"
ROOT=$WORK/root

# The machine's own Debian mirror with the suite replaced, so that a proxy or local mirror keeps working.
write_sources() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null | sort -u |
    awk -v from="$codename" -v to="$SUITE" -v key="$KEYRING" \
      'from != "" && $1 ~ /debian/ && $3 == "main" && index($2, from) == 1 { sub("^" from, to, $2); print "deb [signed-by=" key "] " $1, $2, $3 }'
}
write_sources > "$WORK/sources.list"
if [ ! -s "$WORK/sources.list" ]; then
  printf 'deb [signed-by=%s] %s\n' "$KEYRING" "http://deb.debian.org/debian $SUITE main" \
    "$KEYRING" "http://deb.debian.org/debian-security $SUITE-security main" > "$WORK/sources.list"
fi

INSTALL=$(sed -n '/^[a-z]/{/^unpack:/!p}' "$HERE/image/packages.txt" | paste -sd,)
UNPACK=$(sed -n 's/^unpack: //p' "$HERE/image/packages.txt" | paste -sd' ')
# The kernel is unpacked too: installing it would build an initramfs that is not used.
cat > "$WORK/download" <<'X'
set -e
mkdir -p "$1/lab/debs"
chroot "$1" sh -c "cd /lab/debs && apt-get -qq -o APT::Sandbox::User=root download $UNPACK \
  \$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9]\)/\1/p' | head -n1)"
X
export UNPACK
mmdebstrap --quiet --variant=minbase --mode=root --skip=check/empty --include="$INSTALL" \
  --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --customize-hook="sh $WORK/download \"\$1\"" \
  "$SUITE" "$ROOT" "$WORK/sources.list" >"$WORK/mmdebstrap.log" 2>&1 || { tail -n 20 "$WORK/mmdebstrap.log" >&2; fail "mmdebstrap failed"; }
say "packages: $(chroot "$ROOT" dpkg-query -f '.\n' -W | wc -l), $(du -sm "$ROOT" | cut -f1) MB"

# --keep-directory-symlink: unpacking with dpkg-deb -x would replace the merged-/usr links by folders.
for name in $UNPACK; do
  dpkg-deb --fsys-tarfile "$ROOT"/lab/debs/"$name"_*.deb | tar -x --keep-directory-symlink -C "$ROOT"
done
rm -f "$ROOT"/usr/lib/systemd/system/strongswan.service   # the controller must look like a Debian without strongSwan

dpkg-deb --fsys-tarfile "$ROOT"/lab/debs/linux-image-[0-9]*.deb | tar -x --keep-directory-symlink -C "$WORK/kernel"
VERSION=$(basename "$(echo "$WORK"/kernel/*lib/modules/* "$WORK"/kernel/usr/lib/modules/* | tr ' ' '\n' | grep -v '\*' | head -n1)")
MODULES=$(find "$WORK/kernel" -type d -path "*lib/modules/$VERSION" | head -n1)
mkdir -p "$ROOT/usr/lib/modules"
(cd "$MODULES/kernel" && rm -rf sound drivers/{gpu,infiniband,scsi,nvme,hid,input,media,md,mtd,target,usb,xen,hv,ata,mmc} \
  drivers/net/{ethernet,wireless,usb} fs/{btrfs,xfs,nfs,nfsd,ceph,smb,cifs,ocfs2,gfs2,jfs,f2fs,ntfs,ntfs3,bcachefs,reiserfs})
# Debian's ipsec.service probes every CPU-specific cipher at each start, 3 processes each: 4 s under emulation.
(cd "$MODULES/kernel" && find arch/*/crypto -type f ! -name 'aesni-intel*' ! -name 'ghash-clmulni*' -delete)
cp -a "$MODULES" "$ROOT/usr/lib/modules/"
chroot "$ROOT" depmod "$VERSION"
cp "$WORK/kernel/boot/vmlinuz-$VERSION" "$WORK/image/vmlinuz"
rm -rf "$ROOT/lab/debs"

# Only what a server's network side needs is started; the rest costs seconds under emulation.
MASK="getty@tty1 serial-getty@ttyS0 console-getty systemd-logind systemd-random-seed systemd-update-utmp
  systemd-update-utmp-runlevel systemd-journal-flush systemd-journal-catalog-update systemd-update-done systemd-firstboot
  systemd-machine-id-commit systemd-sysusers systemd-boot-random-seed systemd-user-sessions systemd-remount-fs
  systemd-hostnamed systemd-ask-password-wall ldconfig e2scrub_reap keyboard-setup console-setup
  systemd-binfmt getty-static modprobe@dm_mod modprobe@efi_pstore modprobe@loop modprobe@drm modprobe@fuse
  systemd-tpm2-setup systemd-tpm2-setup-early systemd-pcrphase systemd-hibernate-clear"
for unit in $MASK; do ln -sfn /dev/null "$ROOT/etc/systemd/system/$unit.service"; done
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer systemd-tmpfiles-clean.timer \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount \
  systemd-ask-password-wall.path systemd-ask-password-console.path; do
  ln -sfn /dev/null "$ROOT/etc/systemd/system/$unit"
done
mkdir -p "$ROOT/etc/systemd/journald.conf.d" "$ROOT/etc/systemd/system.conf.d" "$ROOT/usr/local/lib"
printf '[Journal]\nStorage=volatile\nRateLimitBurst=0\n' > "$ROOT/etc/systemd/journald.conf.d/lab.conf"
printf '[Manager]\nDefaultTimeoutStopSec=10s\n' > "$ROOT/etc/systemd/system.conf.d/lab.conf"
cp "$HERE"/image/lab-{net,run}.service "$HERE/image/lab.target" "$ROOT/etc/systemd/system/"
cp "$HERE/image/lab-run" "$ROOT/usr/local/lib/lab-run"
chroot "$ROOT" systemctl --quiet enable lab-net.service lab-run.service 2>/dev/null
ln -sfn /etc/systemd/system/lab.target "$ROOT/etc/systemd/system/default.target"
echo controller > "$ROOT/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 controller\n' > "$ROOT/etc/hosts"
echo 0123456789abcdef0123456789abcdef > "$ROOT/etc/machine-id"
mkdir -p "$ROOT/lab/in" "$ROOT/lab/out"
rm -rf "$ROOT"/var/cache/apt/* "$ROOT"/var/lib/apt/lists/* "$ROOT"/var/log/*.log
say "kernel $VERSION, units"

IRD=$WORK/initramfs
cp "$ROOT/bin/busybox" "$IRD/bin/busybox"
install -m 755 "$HERE/image/init" "$IRD/init"
order=10
for module in virtio_pci virtio_blk ext4 overlay; do chroot "$ROOT" modprobe -S "$VERSION" --show-depends "$module"; done |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
  target=$IRD/modules/$order-$(basename "${file%.xz}")
  case $file in *.xz) xz -dc "$ROOT$file" > "$target" ;; *) cp "$ROOT$file" "$target" ;; esac
  order=$((order + 1))
done
(cd "$IRD" && find . | ./bin/busybox cpio -o -H newc 2>/dev/null | gzip -1) > "$WORK/image/initrd.gz"

chroot "$ROOT" dpkg-query -f '${Package} ${Version}\n' -W libreswan frr strongswan-swanctl nftables iproute2 systemd > "$WORK/image/versions.txt"
echo "kernel $VERSION" >> "$WORK/image/versions.txt"
size=$(($(du -sm "$ROOT" | cut -f1) * 5 / 4 + 48))
truncate -s "${size}M" "$WORK/image/root.ext4"
mke2fs -q -t ext4 -O '^has_journal' -E lazy_itable_init=1,root_owner=0:0 -d "$ROOT" "$WORK/image/root.ext4"
mv -T "$WORK/image" "$IMAGE"
say "ready: $(du -m "$IMAGE/root.ext4" | cut -f1) MB, libreswan $(sed -n 's/^libreswan //p' "$IMAGE/versions.txt")"
echo "$IMAGE"
