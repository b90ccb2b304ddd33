# shellcheck shell=sh
# Part of kakehashi-routes and kakehashi-status.

# own_address PREFIXES: prints this machine's address in one of them (the site's, with commas), or -. The site file knows only the address that
# leads to the Internet, and no cloud has a route back to that one.
own_address() {
  own=$(
    rest=$1,
    while [ -n "$rest" ]; do
      ip -4 -o address show to "${rest%%,*}" 2>/dev/null
      rest=${rest#*,}
    done | { read -r _ _ _ address _ && echo "${address%/*}"; }
  )
  echo "${own:--}"
}
