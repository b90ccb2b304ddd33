#!/bin/bash
# run-vm.sh --image DIR --input DIR --results DIR [--script FILE] [--timeout SECONDS] [--memory MB] [--cpus N]
#           [--keep-overlay] [--verbose] [NAME=VALUE …]
# Boots the guest once and runs INPUT/FILE (default `run`) in it after multi-user.target. The input's files are in /lab/in, what
# the script leaves in /lab/out arrives in the results folder, with console.log, journal.log and rc. NAME=VALUE become the
# script's environment. An executable INPUT/network runs before the controller's own network set-up.
# --keep-overlay puts the writable layer on a disk, so that `systemctl reboot` in the guest comes back (LAB_BOOT=2).
# Exit status: the script's; 124 when it timed out in the guest; 125 when the guest never came back.
set -euo pipefail

IMAGE='' INPUT='' RESULTS='' SCRIPT=run TIMEOUT=120 MEMORY=640 CPUS=2 KEEP_OVERLAY='' VERBOSE=''
while [ $# -gt 0 ]; do
  case $1 in
    --image) IMAGE=$2; shift 2 ;;
    --input) INPUT=$2; shift 2 ;;
    --results) RESULTS=$2; shift 2 ;;
    --script) SCRIPT=$2; shift 2 ;;
    --timeout) TIMEOUT=$2; shift 2 ;;
    --memory) MEMORY=$2; shift 2 ;;
    --cpus) CPUS=$2; shift 2 ;;
    --keep-overlay) KEEP_OVERLAY=1; shift ;;
    --verbose) VERBOSE=1; shift ;;
    [A-Z]*=*) break ;;
    *) echo "run-vm: unknown argument $1" >&2; exit 64 ;;
  esac
done
for name in IMAGE INPUT RESULTS; do
  [ -n "${!name}" ] || { echo "run-vm: --${name,,} is missing" >&2; exit 64; }
done
[ -f "$IMAGE/root.ext4" ] || { echo "run-vm: no image in $IMAGE" >&2; exit 64; }
[ -f "$INPUT/$SCRIPT" ] || { echo "run-vm: no $SCRIPT in $INPUT" >&2; exit 64; }

DISKS=$(mktemp -d "${TMPDIR:-/tmp}/lab-vm.XXXXXX")
QEMU_PID=''
stop() {
  if [ -n "$QEMU_PID" ]; then kill -9 "$QEMU_PID" 2>/dev/null || true; fi
  rm -rf "$DISKS"
}
trap stop EXIT
trap 'exit 130' INT TERM
mkdir -p "$RESULTS"
rm -f "$RESULTS/rc"

mkdir "$DISKS/env"
{
  printf 'LAB_SCRIPT=%q\nLAB_GUEST_TIMEOUT=%q\n' "$SCRIPT" "$TIMEOUT"
  for pair in "$@"; do printf '%s=%q\n' "${pair%%=*}" "${pair#*=}"; done
} > "$DISKS/env/env"
tar -c -f "$DISKS/input.tar" --owner=0 --group=0 -C "$INPUT" . -C "$DISKS/env" env
truncate -s %1M "$DISKS/input.tar"   # a disk is a whole number of sectors
truncate -s 256M "$DISKS/results.raw"

qemu() { # accelerator, kernel words, more options
  local accel=$1 words=$2
  shift 2
  # -cx16: QEMU 7.2's emulation of it makes Linux 6.12 crash at random. tb-size keeps QEMU's own memory under 500 MB.
  local options=(-accel "tcg,thread=multi,tb-size=128" -cpu max,-cx16)
  [ "$accel" != kvm ] || options=(-accel kvm -cpu host)
  exec qemu-system-x86_64 "${options[@]}" -smp "$CPUS" -m "$MEMORY" -M q35 -nodefaults -nographic -serial stdio -monitor none \
    -kernel "$IMAGE/vmlinuz" -initrd "$IMAGE/initrd.gz" \
    -drive file="$IMAGE/root.ext4",format=raw,if=virtio,readonly=on \
    -drive file="$DISKS/input.tar",format=raw,if=virtio,readonly=on \
    -append "console=ttyS0 panic=-1 quiet mitigations=off audit=0 cryptomgr.notests=1 net.ifnames=0 systemd.show_status=no systemd.log_level=notice $words" \
    "$@" </dev/null
}

# A /dev/kvm that exists may hang at boot: it counts only if a guest has come up with it since the machine was started.
accelerator() {
  case ${LAB_ACCEL:-auto} in tcg | kvm) echo "$LAB_ACCEL"; return ;; esac
  [ -w /dev/kvm ] || { echo tcg; return; }
  local known answer=tcg
  known=$IMAGE/accelerator-$(cat /proc/sys/kernel/random/boot_id)
  if [ ! -s "$known" ]; then
    if (MEMORY=256; CPUS=1; qemu kvm lab.probe -no-reboot) > "$DISKS/probe.log" 2>&1 & then
      local pid=$! waited=0
      while kill -0 $pid 2>/dev/null && [ $waited -lt 50 ]; do sleep 0.1; waited=$((waited + 1)); done
      kill -9 $pid 2>/dev/null || true
      wait $pid 2>/dev/null || true
      ! grep -q lab-probe-ok "$DISKS/probe.log" || answer=kvm
    fi
    echo $answer > "$known.$$" 2>/dev/null && mv "$known.$$" "$known" || true
  fi
  cat "$known" 2>/dev/null || echo $answer
}
ACCEL=$(accelerator)

MORE=(-drive file="$DISKS/results.raw",format=raw,if=virtio,cache=unsafe)
if [ -n "$KEEP_OVERLAY" ]; then
  truncate -s 1G "$DISKS/overlay.ext4"
  mke2fs -q -t ext4 -O '^has_journal' -E lazy_itable_init=1,nodiscard "$DISKS/overlay.ext4"
  MORE+=(-drive file="$DISKS/overlay.ext4",format=raw,if=virtio,cache=unsafe)
else
  MORE+=(-no-reboot)
fi

boot() {
  local started=$SECONDS
  qemu "$ACCEL" '' "${MORE[@]}" > "$RESULTS/console.log" 2>&1 &
  QEMU_PID=$!
  TAIL_PID=''
  if [ -n "$VERBOSE" ]; then tail -n +1 -f "$RESULTS/console.log" --pid=$QEMU_PID & TAIL_PID=$!; fi
  # The guest ends itself TIMEOUT after it has booted, with its results; this limit is for one that hangs.
  while kill -0 "$QEMU_PID" 2>/dev/null; do
    if [ $((SECONDS - started)) -ge $((TIMEOUT + 150)) ]; then
      echo "run-vm: no end after $((SECONDS - started)) s, stopped" >> "$RESULTS/console.log"
      kill -9 "$QEMU_PID" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  wait "$QEMU_PID" 2>/dev/null || true
  QEMU_PID=''
  [ -z "$TAIL_PID" ] || wait "$TAIL_PID" 2>/dev/null || true
}

# Linux 6.12 now and then panics in its first two seconds under emulation (a code patch seen half-way): boot again, only then.
for attempt in 1 2 3; do
  boot
  if grep -aq 'Kernel panic' "$RESULTS/console.log" && ! grep -aq 'lab: booted' "$RESULTS/console.log"; then
    mv "$RESULTS/console.log" "$RESULTS/console-panic-$attempt.log"
    [ "$attempt" = 3 ] || continue
  fi
  break
done
tar -x -f "$DISKS/results.raw" -C "$RESULTS" 2>/dev/null || true
rc=125
if [ -f "$RESULTS/rc" ]; then rc=$(cat "$RESULTS/rc"); fi
exit "$rc"
