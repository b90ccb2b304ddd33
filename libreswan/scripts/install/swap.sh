# shellcheck shell=sh disable=SC2154 # variables are shared with install.sh and the other parts
# Part of install.sh: keeps what is there, writes what shall be, and puts back. $STATE holds
#   installed   what Kakehashi wrote, with checksums
#   previous/   files: as they were before the last run; absent: paths that it added; installed: the list before it
#   original/   what stood in the place of a file before Kakehashi's first one came
#   applying    there while a run is at it

keep_previous() {
  mkdir -p "$STATE" && chmod 700 "$STATE" && rm -rf "$STATE/previous.new" || exit 2
  mkdir -p "$STATE/previous.new/files" "$STATE/original" && : >"$STATE/previous.new/absent" || exit 2
  while read -r word path; do
    if [ "$word" = add ]; then
      echo "$path" >>"$STATE/previous.new/absent"
    else
      copy "$WORK/old/$path" "$STATE/previous.new/files/$path" || exit 2
      if ! is_installed "$path" && [ ! -e "$STATE/original/$path" ]; then
        copy "$WORK/old/$path" "$STATE/original/$path" || exit 2
      fi
    fi
  done <"$WORK/plan"
  if [ -f "$STATE/installed" ]; then cat "$STATE/installed"; fi >"$STATE/previous.new/installed" || exit 2
  # For --rollback: the list that goes with what it brings back.
  if [ "$ACTION" = rollback ]; then cp "$STATE/previous/installed" "$WORK/installed" || exit 2; fi
  rm -rf "$STATE/previous.old"
  if [ -d "$STATE/previous" ]; then mv "$STATE/previous" "$STATE/previous.old" || exit 2; fi
  mv "$STATE/previous.new" "$STATE/previous" && : >"$STATE/applying" && sync || exit 2
}

swap_files() {
  while read -r word path; do
    case $word in
      remove) rm -f "$ROOT/$path" ;;
      # Next to its place and renamed, so that no reader ever sees half a file.
      *) mkdir -p "$ROOT/${path%/*}" && write_file "$WORK/new/$path" "$ROOT/$path" ;;
    esac || return 1
  done <"$WORK/plan"
}

write_file() { cp -p "$1" "$2.kakehashi-new" && mv -fT "$2.kakehashi-new" "$2"; }

restore_files() { # from $STATE/previous
  (cd "$STATE/previous/files" && find . -type f) | while read -r path; do
    rm -f "$ROOT/$path.kakehashi-new"
    cmp -s "$STATE/previous/files/$path" "$ROOT/$path" || write_file "$STATE/previous/files/$path" "$ROOT/$path" || echo "$path"
  done >"$WORK/unrestored"
  while read -r path; do
    rm -f "$ROOT/$path" "$ROOT/$path.kakehashi-new" || echo "$path"
  done <"$STATE/previous/absent" >>"$WORK/unrestored"
  [ ! -s "$WORK/unrestored" ]
}

# put_back: after a failure in the middle of a run.
put_back() {
  row back '' 'putting back what was there'
  if ! restore_files; then
    row back failed "these could not be put back, copies are in $STATE/previous/files: $(tr '\n' ' ' <"$WORK/unrestored")"
    return
  fi
  forget_run
  if { [ "$IS_RELOADING" = no ] || reload_back; } && enable_units; then
    row back 'done' 'the machine is as it was'
  else
    row back failed 'the files are as they were, but not all of it is in force: see above, then systemctl --failed'
  fi
}

# forget_run: the run before is again what --rollback goes back to.
forget_run() {
  rm -rf "$STATE/previous"
  if [ -d "$STATE/previous.old" ]; then mv "$STATE/previous.old" "$STATE/previous"; fi
  rm -f "$STATE/applying"
}

# A run that was cut off, by a power failure say: its files are half there. Undone first, then all is as ever.
recover_interrupted() {
  [ -e "$STATE/applying" ] || return 0
  row back '' 'an earlier run was cut off'
  [ "$IS_DRY_RUN" = no ] || die 1 'an earlier run was cut off: run without --dry-run to put its files back first'
  restore_files || die 2 "files could not be put back: $(tr '\n' ' ' <"$WORK/unrestored")"
  forget_run
}

record_installed() {
  if [ "$ACTION" = install ]; then
    (cd "$WORK/new" && find . -type f | sed 's|^\./||' | sort | grep -vxFf "$WORK/kept" | while read -r path; do
      # What was put back from before Kakehashi is not Kakehashi's.
      if grep -qxF "$path" "$WORK/tree"; then sha256sum "$path"; fi
    done) >"$WORK/installed" || return 1
  fi
  cp "$WORK/installed" "$STATE/installed.new" && mv -f "$STATE/installed.new" "$STATE/installed" && rm -f "$STATE/applying" &&
    rm -rf "$STATE/previous.old"
}
