# shellcheck shell=sh
# Part of kakehashi-status: the two files that render writes, and what has to be asked about their tunnels.
# An awk program's text, printed when this file is sourced.
cat <<'AWK'
function read_controller(  file, line, key, value) {
  file = etc "/controller"
  while ((getline line < file) > 0) {
    key = line; sub(/ .*/, "", key)
    value = line; if (!sub(/^[^ ]* /, "", value)) value = ""
    if (key ~ /^(site|controller|libreswan|language|public_ip|private_ip)$/) CONTROLLER[key] = value
    CONTROLLER_READ = 1
  }
  close(file)
  if (language == "") language = CONTROLLER["language"] == "ja" ? "ja" : "en"
  if (phase != "plan") return
  if (!CONTROLLER_READ) refuse("no-controller", "")
  if (CONTROLLER["site"] !~ /^[a-z][a-z0-9-]*$/) bad_value("controller", "site", CONTROLLER["site"])
  if (CONTROLLER["controller"] !~ /^[a-z][a-z0-9-]*$/) bad_value("controller", "controller", CONTROLLER["controller"])
  if (CONTROLLER["libreswan"] !~ /^[0-9]+\.[0-9]+$/) bad_value("controller", "libreswan", CONTROLLER["libreswan"])
  if (CONTROLLER["language"] !~ /^(en|ja)$/) bad_value("controller", "language", CONTROLLER["language"])
  if (!is_address(CONTROLLER["public_ip"])) bad_value("controller", "public_ip", CONTROLLER["public_ip"])
  if (!is_address(CONTROLLER["private_ip"])) bad_value("controller", "private_ip", CONTROLLER["private_ip"])
}

function read_tunnels(  file, line, f, n, number) {
  file = etc "/tunnels"
  while ((n = getline line < file) > 0) {
    number++
    if (line ~ /^#/ || line == "") continue
    if (split(line, f, / /) != 18) bad_value("tunnels", "line " number, line)
    add_tunnel(f, "line " number)
  }
  close(file)
  if (n < 0) refuse("no-tunnels-file", "")
  if (TUNNELS == 0) refuse("no-tunnels", "")
  if (only != "" && !(only in INDEX)) refuse("no-such-tunnel", only)
}

# Whatever comes from a file is used in commands and file names only after this.
function add_tunnel(f, where,  t, i, p) {
  need(f[1] ~ /^[a-z][a-z0-9-]*-[12]$/ && length(f[1]) <= 128 && !(f[1] in INDEX), where, "name", f[1])
  need(f[1] == f[2] "-" f[3], where, "connection", f[2] " " f[3])
  need(f[4] ~ /^(aws|oracle|azure)$/, where, "cloud", f[4])
  need(f[5] ~ /^(route-based|policy-based)$/, where, "mode", f[5])
  need(f[6] ~ /^(bgp|static)$/, where, "routing", f[6])
  need(f[7] ~ /^(active-standby|active-active)$/, where, "balance", f[7])
  if (f[5] == "route-based") {
    need(f[8] ~ /^(ipsec|vti)[0-9]+$/ && length(f[8]) <= 15 && !(f[8] in OWNER), where, "interface", f[8])
    need(is_address(f[11]), where, "controller_inside", f[11])
    need(is_address(f[12]), where, "cloud_inside", f[12])
    OWNER[f[8]] = f[1]
  }
  need(is_address(f[10]), where, "cloud_address", f[10])
  need(f[13] == "-" || is_address(f[13]), where, "probe", f[13])
  need(f[14] ~ /^[0-9]+$/ && f[14] >= 576 && f[14] <= 9216, where, "mtu", f[14])
  need(f[17] != "" && length(f[17]) <= 8192, where, "remote_prefixes", f[17])
  t = ++TUNNELS; INDEX[f[1]] = t
  NAME[t] = f[1]; CONNECTION[t] = f[2]; NUMBER[t] = f[3]; CLOUD[t] = f[4]; MODE[t] = f[5]; ROUTING[t] = f[6]; BALANCE[t] = f[7]
  IFACE[t] = f[8]; ADDRESS[t] = f[10]; INSIDE[t] = f[11]; PEER[t] = f[12]; PROBE[t] = f[13]; MTU[t] = f[14]; ASN[t] = f[18]
  if (!(f[2] in CONNECTION_INDEX)) {
    CONNECTION_INDEX[f[2]] = ++CONNECTIONS; CONNECTION_NAME[CONNECTIONS] = f[2]
    REMOTE[f[2]] = f[17]
    PREFIXES[CONNECTIONS] = split(f[17], p, ",")
    for (i = 1; i <= PREFIXES[CONNECTIONS]; i++) {
      need(is_prefix(p[i]), where, "remote_prefixes", p[i])
      PREFIX[CONNECTIONS, i] = p[i]
    }
  }
  need(f[17] == REMOTE[f[2]], where, "remote_prefixes", f[17])
  MEMBER[CONNECTION_INDEX[f[2]], f[3]] = t
}
function need(is_right, where, column, value) { if (!is_right) bad_value("tunnels", where ", " column, value) }
function bad_value(file, where, value) { refuse("bad-file", etc "/" file ": " where ": \"" shown(value, 60) "\"") }

function is_address(a,  o, i) {
  if (a !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ || length(a) > 15) return 0
  split(a, o, ".")
  for (i = 1; i <= 4; i++) if (o[i] > 255) return 0
  return 1
}
function is_prefix(p,  h) { return split(p, h, "/") == 2 && is_address(h[1]) && h[2] ~ /^[0-9]+$/ && h[2] <= 32 && length(h[2]) <= 2 }
# An address inside the prefix for `ip route get`: its second one, as the first is no host's.
function sample(prefix,  h, o) {
  split(prefix, h, "/"); split(h[1], o, ".")
  if (h[2] == 0) return "1.0.0.1"
  return h[2] >= 31 ? h[1] : o[1] "." o[2] "." o[3] "." (o[4] + 1)
}
# Text from outside may hold anything: terminals and JSON get printable ASCII.
function shown(text, limit) {
  gsub(/[^ -~]/, "?", text)
  return length(text) > limit ? substr(text, 1, limit - 3) "..." : text
}

function plan(  t, c, i, s) {
  for (t = 1; t <= TUNNELS; t++) {
    ask("get " ADDRESS[t])
    s = MTU[t] - 28
    if (MODE[t] == "route-based") ask("ping " NAME[t] " " IFACE[t] " " PEER[t] " " s)
    if (PROBE[t] != "-") ask("ping " NAME[t] " " (MODE[t] == "route-based" ? IFACE[t] : CONTROLLER["private_ip"]) " " PROBE[t] " " s)
    if (ROUTING[t] == "bgp") ask("bgp")
  }
  for (c = 1; c <= CONNECTIONS; c++) for (i = 1; i <= PREFIXES[c]; i++) ask("get " sample(PREFIX[c, i]))
}
function ask(line) { if (!(line in ASKED)) { ASKED[line] = 1; print line } }
AWK
