# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with install.sh and the other parts
# Part of install.sh: which files there are, which there shall be, and how the two differ. $WORK/old holds the machine's files as
# far as they are ours or in our way, $WORK/new the same as they shall be; everything after compares these two.

# A list of paths holds one a line: check_tree lets no other characters through.
PATH_CHARACTERS='A-Za-z0-9._/-'

# Whether Kakehashi may write there at all.
is_path_ours() {
  case $1 in
    *..* | */.* | *//*) return 1 ;;
    etc/ipsec.conf | etc/ipsec.d/*.conf | etc/ipsec.d/*.secrets) ;;
    etc/frr/frr.conf | etc/frr/daemons | etc/frr/vtysh.conf) ;;
    etc/sysctl.d/*kakehashi*.conf | etc/nftables.d/kakehashi*.nft | etc/modules-load.d/kakehashi*.conf) ;;
    etc/kakehashi/* | etc/systemd/system/kakehashi-*.service | etc/systemd/system/kakehashi-*.timer) ;;
    etc/systemd/system/*.service.d/*kakehashi*.conf) ;;
    usr/local/sbin/kakehashi-* | usr/local/lib/kakehashi/* | usr/local/share/kakehashi/*) ;;
    *) return 1 ;;
  esac
}

# Whether the path alone says that only Kakehashi writes it; of the others the first lines must say it.
is_name_ours() {
  case $1 in
    */*kakehashi*) ;;
    *) return 1 ;;
  esac
}

check_tree() {
  cd "$TREE" || exit 2
  odd=$(find . ! -type f ! -type d -print | head -n 1)
  [ -z "$odd" ] || die 1 'the tree holds something that is neither a file nor a folder; render again'
  if find . -name '*[!'"$PATH_CHARACTERS"']*' | grep -q .; then die 1 'the tree holds a file with an odd name; render again'; fi
  for folder in ./*; do
    case $folder in
      ./etc | ./usr | ./install | ./install.sh) ;;
      *) die 1 "the tree holds ${folder#./}, which does not belong there; render again" ;;
    esac
  done
  find etc usr -type f | sort >"$WORK/tree" || die 1 'the tree has no etc or usr; render again'
  while read -r path; do
    is_path_ours "$path" || die 1 "the tree holds $path, which is not Kakehashi's to write; render again"
  done <"$WORK/tree"
  for path in etc/kakehashi/controller etc/kakehashi/tunnels; do
    [ -s "$path" ] || die 1 "the tree is incomplete: $path is missing; render again"
  done
  cd / || exit 2
}

# value_of KEY FILE: from a file with lines `key value`.
value_of() {
  while read -r value_key value; do
    [ "$value_key" != "$1" ] || printf '%s\n' "$value"
  done <"$2"
}

# installed_paths: what earlier runs wrote; the lines are sha256sum's.
is_installed() { grep -qxF "$1" "$WORK/installed.before"; }

build_old() {
  mkdir "$WORK/old" "$WORK/new" && : >"$WORK/kept" || exit 2
  if [ -f "$STATE/installed" ]; then sed 's/^[^ ]*  //' "$STATE/installed"; fi >"$WORK/installed.before"
  {
    cat "$WORK/tree" "$WORK/installed.before"
    if [ "$ACTION" = rollback ] && [ -d "$STATE/previous" ]; then
      (cd "$STATE/previous/files" && find . -type f | sed 's|^\./||')
      cat "$STATE/previous/absent"
    fi
  } | sort -u >"$WORK/paths"
  copy_all "$ROOT/" "$WORK/old" <"$WORK/paths" || die 2 'the files of this machine cannot be read'
}

copy() { mkdir -p "${2%/*}" && cp -p "$1" "$2"; }

# copy_all FROM TO: the listed paths, as far as they are there; one process for all, for there are slow machines.
copy_all() {
  while read -r path; do [ ! -f "$1/$path" ] || echo "$path"; done | (cd "$1" && xargs -r cp -p --parents -t "$2")
}

build_new_from_tree() {
  while read -r path; do
    [ -f "$WORK/old/$path" ] && ! is_installed "$path" && is_kept "$path" || echo "$path"
  done <"$WORK/tree" >"$WORK/taken"
  copy_all "$TREE" "$WORK/new" <"$WORK/taken" || die 2 'the tree cannot be copied'
  set_modes
  # What stood there before Kakehashi's file came, if that file is gone now.
  while read -r path; do
    if [ -f "$STATE/original/$path" ] && [ ! -e "$WORK/new/$path" ]; then copy "$STATE/original/$path" "$WORK/new/$path"; fi
  done <"$WORK/installed.before"
}

# is_kept PATH: whether the machine's file stays, which Kakehashi did not write; does not return if it is in the way.
is_kept() {
  case $1 in
    etc/ipsec.conf)
      if grep -qE '^[[:space:]]*include[[:space:]]+"?/etc/ipsec\.d/\*\.conf' "$WORK/old/$1"; then
        # The administrator's, or the package's: both do what ours does.
        copy "$WORK/old/$1" "$WORK/new/$1"
        echo "$1" >>"$WORK/kept"
        return 0
      fi
      ! grep -qE '^[[:space:]]*(conn|include)[[:space:]]' "$WORK/old/$1" ||
        die 1 "/$1 has connections of its own and does not include /etc/ipsec.d/*.conf; add to its end: include /etc/ipsec.d/*.conf"
      ;;
    etc/frr/*)
      is_frr_untouched "$1" || [ "$TAKES_OVER_FRR" = yes ] ||
        die 1 "/$1 was not written by Kakehashi and is in use; FRR has only one: --take-over-frr replaces it and keeps a copy"
      ;;
    *)
      cmp -s "$WORK/old/$1" "$TREE/$1" || is_name_ours "$1" || head -n 3 "$WORK/old/$1" | grep -qi kakehashi ||
        die 1 "/$1 exists and was not written by Kakehashi; move it away or rename the connection"
      ;;
  esac
  return 1
}

# Whether nobody has configured anything: as the package made it, or no more than a vtysh `write` of nothing.
is_frr_untouched() {
  frr_sum=$(md5sum <"$WORK/old/$1")
  dpkg-query -W -f='${Conffiles}\n' frr 2>/dev/null | grep -qF " /$1 ${frr_sum%% *}" && return 0
  case $1 in
    etc/frr/daemons) ! grep -E '^[a-z0-9]+d=yes' "$WORK/old/$1" | grep -qvE '^(zebra|bgpd|staticd|watchfrr|mgmtd)=' ;;
    *)
      ! grep -vE '^[[:space:]]*([!#]|$)' "$WORK/old/$1" |
        grep -qvE '^(frr |log |hostname |service |line vty|end|exit|(no )?ip(v6)? forwarding)'
      ;;
  esac
}

# set_modes: a copy to the machine may have lost them, and the owner is who copied.
set_modes() {
  cd "$WORK/new" || exit 2
  find . -type f -exec chmod 644 {} +
  find . -type f \( -name '*.secrets' -o -name '*.key' \) -exec chmod 600 {} +
  find . -type f -path './usr/local/sbin/*' -exec chmod 755 {} +
  if [ "$(id -u)" = 0 ]; then find . -type f ! -path ./etc/ipsec.conf -exec chown 0:0 {} +; fi
  if [ -d etc/frr ]; then
    chmod 640 etc/frr/*
    if id frr >/dev/null 2>&1; then chown frr:frr etc/frr/*; fi
  fi
  cd / || exit 2
}

build_new_from_previous() {
  [ -d "$STATE/previous" ] || die 1 'nothing to go back to: no earlier run is kept here'
  cp -Rp "$WORK/old/." "$WORK/new/" || exit 2
  while read -r path; do rm -f "$WORK/new/$path"; done <"$STATE/previous/absent"
  cp -Rp "$STATE/previous/files/." "$WORK/new/" || exit 2
}

# plan_files: lines `add|change|mode|remove PATH`.
plan_files() {
  describe "$WORK/old" >"$WORK/old.files"
  describe "$WORK/new" >"$WORK/new.files"
  awk 'NR == FNR { sum[$1] = $2; mode[$1] = $3; next }
    !($1 in sum) { print "add", $1; next }
    sum[$1] != $2 { print "change", $1; delete sum[$1]; next }
    mode[$1] != $3 { print "mode", $1 }
    { delete sum[$1] }
    END { for (path in sum) print "remove", path }' "$WORK/old.files" "$WORK/new.files" | sort -k2 >"$WORK/plan"
}

# describe TREE: lines `path checksum mode:owner:group`.
describe() {
  cd "$1" || exit 2
  find . -type f -printf '%P %m:%U:%G\n' | sort >"$WORK/modes"
  cut -d' ' -f1 "$WORK/modes" | xargs -r sha256sum |
    awk -v modes="$WORK/modes" '{ getline line <modes; split(line, mode, " "); print $2, $1, mode[2] }'
  cd / || exit 2
}

has_change() { grep -qE "^(add|change|mode|remove) $1" "$WORK/plan"; }

show_kept() {
  while read -r path; do row files keep "/$path (not Kakehashi's, and it includes /etc/ipsec.d)"; done <"$WORK/kept"
}

show_plan() {
  show_kept
  while read -r word path; do
    note=
    if [ "$word" != add ] && is_installed "$path" && ! is_as_installed "$path"; then
      note=' (edited here since; the edit is kept for --rollback)'
    fi
    row files "$word" "/$path$note"
  done <"$WORK/plan"
  while read -r word text; do row reload "$word" "$text"; done <"$WORK/reload"
}
is_as_installed() {
  installed_sum=$(sha256sum <"$WORK/old/$1")
  grep -qxF "${installed_sum%% *}  $1" "$STATE/installed"
}
