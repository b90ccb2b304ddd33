# shellcheck shell=sh
# Part of kakehashi-status: reads what the tools said.
# An awk program's text, printed when this file is sourced.
cat <<'AWK'
function answered(file,  line, code) {
  code = -1
  file = dir "/" file ".rc"
  if ((getline line < file) > 0) code = line + 0
  close(file)
  return code # -1: never run
}

function read_conf(  file, line, f) {
  file = dir "/conf"
  while ((getline line < file) > 0) if (split(line, f, /[ \t\r]+/) >= 2) HAS_CONF[f[2]] = 1
  close(file)
}

# The tunnel that a conn belongs to: pluto adds /1x1 to names where it made several of one.
function tunnel_of(conn) { sub(/\/[0-9]+x[0-9]+$/, "", conn); return conn in INDEX ? INDEX[conn] : 0 }

function read_status(  file, line, conn, rest, t) {
  STATUS_CODE = answered("status")
  file = dir "/status"
  while ((getline line < file) > 0) {
    sub(/^000 /, "", line)
    if (match(line, /pluto_version=[0-9.]+/)) VERSION = substr(line, RSTART + 14, RLENGTH - 14)
    if (match(line, /^"[^"]+"/)) {
      conn = substr(line, 2, RLENGTH - 2); rest = substr(line, RLENGTH + 1)
      if (!(t = tunnel_of(conn))) continue
      LOADED[t] = 1
      if (rest ~ /unoriented/) UNORIENTED[t] = 1
      if (match(rest, /ike_life: [0-9]+s/)) IKE_LIFE[t] = substr(rest, RSTART + 10, RLENGTH - 11)
    } else if (match(line, /^#[0-9]+: "[^"]+"/)) {
      conn = line; sub(/^#[0-9]+: "/, "", conn); sub(/".*/, "", conn)
      if (t = tunnel_of(conn)) read_state(t, line)
    }
  }
  close(file)
  if (VERSION == "") VERSION = CONTROLLER["libreswan"]
  SERVICE = "unknown"
  file = dir "/service"
  if ((getline line < file) > 0 && line ~ /^[a-z]+$/) SERVICE = line
  close(file)
}
# 4.x STATE_V2_ESTABLISHED_IKE_SA, 5.x ESTABLISHED_IKE_SA, 3.x STATE_PARENT_I3 (PARENT SA established).
function read_state(t, line,  left) {
  if (line ~ /ESTABLISHED_IKE_SA|PARENT SA established|IKE SA established/) {
    IKE_UP[t] = 1
    if (match(line, /REPLACE in [0-9]+s/) && IKE_LIFE[t] && line ~ /; newest/) {
      left = substr(line, RSTART + 11, RLENGTH - 12)
      if (line !~ /EVENT_SA_REPLACE/ && left <= IKE_LIFE[t]) IKE_AGE[t] = IKE_LIFE[t] - left
    }
  } else if (line ~ /ESTABLISHED_CHILD_SA|V2_IPSEC_[IR]|IPsec SA established/) CHILD_IN_STATUS[t] = 1
  else if (line ~ /PARENT_I[0-9]|IKE_SA_INIT|IKE_AUTH|PARENT_R[0-9]/) NEGOTIATING[t] = 1
}

function read_traffic(  file, line, conn, t, time) {
  file = dir "/traffic"
  while ((getline line < file) > 0) {
    if (!match(line, /"[^"]+"/) || line !~ /type=(ESP|AH)/) continue
    conn = substr(line, RSTART + 1, RLENGTH - 2)
    if (!(t = tunnel_of(conn))) continue
    CHILD_UP[t] = 1
    time = number_after(line, "add_time=")
    if (!(t in CHILD_SINCE) || time > CHILD_SINCE[t]) CHILD_SINCE[t] = time
    BYTES_IN[t] += number_after(line, "inBytes="); BYTES_OUT[t] += number_after(line, "outBytes=")
  }
  close(file)
  if (answered("traffic") != 0) for (t in CHILD_IN_STATUS) CHILD_UP[t] = 1
}
function number_after(line, word,  at) {
  at = index(line, word)
  return at ? substr(line, at + length(word)) + 0 : 0
}

function read_links(  file, line, f, name) {
  if (answered("link") != 0 || answered("address") != 0 || answered("route") != 0) refuse("no-kernel", "")
  file = dir "/link"
  while ((getline line < file) > 0) {
    split(line, f, " "); name = f[2]; sub(/:$/, "", name); sub(/@.*/, "", name)
    LINK[name] = f[3]
    LINK_MTU[name] = number_after(line, " mtu ")
  }
  close(file)
  file = dir "/address"
  while ((getline line < file) > 0) {
    split(line, f, " "); sub(/\/.*/, "", f[4])
    HAS_ADDRESS[f[2], f[4]] = 1
    HOLDER[f[4]] = HOLDER[f[4]] " " f[2]
  }
  close(file)
}

function read_routes(  file, line, f, n, i) {
  file = dir "/route"
  while ((getline line < file) > 0) {
    n = split(line, f, /[ \t\\]+/)
    if (f[1] in FIRST_METRIC) continue # the kernel's order: the best route of a prefix comes first
    FIRST_METRIC[f[1]] = 1
    for (i = 2; i < n; i++) if (f[i] == "dev") HOP[f[1], f[i + 1]] = 1
  }
  close(file)
}
# The interface by which the kernel would send to an address now; "" where it would not send at all.
function out_by(address,  file, line, f, n, i, device) {
  n = answered("get." address)
  if (n == 124) refuse("no-kernel", "")
  if (n != 0) return ""
  file = dir "/get." address
  if ((getline line < file) > 0) {
    n = split(line, f, " ")
    if (f[1] !~ /^(unreachable|blackhole|prohibit|throw)$/) for (i = 1; i < n; i++) if (f[i] == "dev") device = f[i + 1]
  }
  close(file)
  return device
}

function read_bgp(  file, line, f, n, who, seen) {
  BGP_CODE = answered("bgp")
  file = dir "/bgp"
  while ((getline line < file) > 0) {
    n = split(line, f, " ")
    if (line ~ /^BGP neighbor is /) { who = f[4]; sub(/,$/, "", who); seen = 1 }
    else if (seen && line ~ /^ *Last reset /) { sub(/^ *Last reset [^,]*, */, "", line); RESET[who] = line }
    else if (!seen && n >= 10 && f[2] == 4) {
      who = f[1]; if (who ~ /\(/) { sub(/.*\(/, "", who); sub(/\).*/, "", who) }
      if (!is_address(who)) continue
      BGP_ROW[who] = 1
      if (f[10] ~ /^[0-9]+$/) { BGP_STATE[who] = "Established"; RECEIVED[who] = f[10]; SENT[who] = f[11] ~ /^[0-9]+$/ ? f[11] : "" }
      else if (f[10] == "(Policy)") { BGP_STATE[who] = "Established"; RECEIVED[who] = 0; SENT[who] = f[11] ~ /^[0-9]+$/ ? f[11] : 0; POLICY[who] = 1 }
      else BGP_STATE[who] = f[11] ~ /^\(/ ? f[10] " " f[11] : f[10]
    }
  }
  close(file)
}
# answers, silent or too-long; "" where ping was not run.
function ping_result(file,  line, result) {
  if (answered(file) < 0) return ""
  result = "silent"
  while ((getline line < (dir "/" file)) > 0) if (line ~ /[1-9][0-9]* received/) result = "answers"
  close(dir "/" file)
  while ((getline line < (dir "/" file ".err")) > 0) if (result == "silent" && line ~ /[Mm]essage too long/) result = "too-long"
  close(dir "/" file ".err")
  return result
}

# kakehashi-routes' own view: `name state since_epoch answered reason`, there while it runs.
function read_watcher(  file, line, f, t) {
  file = run_dir "/tunnels"
  while ((getline line < file) > 0) {
    WATCHER = 1
    if (split(line, f, " ") < 4 || !(f[1] in INDEX) || f[2] !~ /^(starting|up|held|down|drained|standby)$/) continue
    t = INDEX[f[1]]; WATCHED[t] = f[2]; EVER_ANSWERED[t] = f[4]
  }
  close(file)
}
AWK
