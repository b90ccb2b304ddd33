# shellcheck shell=sh
# Part of kakehashi-status: which layer fails, why, and what still carries.
# An awk program's text, printed when this file is sourced.
cat <<'AWK'
function set(t, layer, value) { CELL[t, layer] = value }
function cell(t, layer) { return (t, layer) in CELL ? CELL[t, layer] : "none" }
# Only the first layer that fails is explained; BECAUSE holds what the text wants beside the tunnel's own values.
function fail(t, layer, code, evidence, because, time) {
  set(t, layer, "fail")
  if ((t in FAIL_CODE) && COLUMN[FAIL_LAYER[t]] <= COLUMN[layer]) return
  FAIL_CODE[t] = code; FAIL_LAYER[t] = layer; FAIL_EVIDENCE[t] = evidence; BECAUSE[t] = because; FAIL_TIME[t] = time
}
function fail_blame(t, layer) { fail(t, layer, BLAME[t], BLAME_TEXT[t], "", BLAME_TIME[t]) }

function judge_tunnel(t,  other) {
  other = MEMBER[CONNECTION_INDEX[CONNECTION[t]], 3 - NUMBER[t]]
  judge_local(t)
  judge_interface(t)
  if (cell(t, "local") == "fail") return
  # Of two policy-based twins the kernel takes one at a time; the other waits, loaded.
  if (MODE[t] == "policy-based" && !CHILD_UP[t] && other && CHILD_UP[other]) { STANDBY[t] = 1; return }
  judge_reach(t)
  judge_ike(t)
  judge_child(t)
  if (!CHILD_UP[t]) return
  judge_bgp(t)
  judge_ping(t)
}

function judge_local(t) {
  if (STATUS_CODE < 0) fail(t, "local", "no-libreswan", "")
  else if (STATUS_CODE == 124) fail(t, "local", "pluto-hangs", "")
  else if (STATUS_CODE != 0) fail(t, "local", "pluto-down", PLUTO_COMPLAINT, SERVICE)
  else if (!LOADED[t]) fail(t, "local", HAS_CONF[NAME[t]] ? "not-loaded" : "not-configured", ADD_FAILED[t])
  else if (UNORIENTED[t]) fail(t, "local", "unoriented", "")
  else set(t, "local", "ok")
}

function judge_reach(t,  device) {
  device = out_by(ADDRESS[t])
  if (device == "") fail(t, "reach", "no-route", "")
  else if (device in OWNER) fail(t, "reach", "route-loop", "", device)
  else if (IKE_UP[t]) set(t, "reach", "ok")
  else if (BLAME_LAYER[t] == "reach") fail_blame(t, "reach")
  else if (t in BLAME) set(t, "reach", "ok")
}

function judge_ike(t) {
  if (IKE_UP[t]) set(t, "ike", "ok")
  else if (BLAME_LAYER[t] == "reach" || BLAME_LAYER[t] == "child") return # 3.x shows no IKE SA whose first child was refused
  else if (t in BLAME) fail_blame(t, "ike")
  else if (NEGOTIATING[t]) fail(t, "ike", "negotiating", "")
  else fail(t, "ike", "not-started", "")
}

function judge_child(t) {
  if (!IKE_UP[t] && !CHILD_UP[t] && BLAME_LAYER[t] != "child") return
  if (CHILD_UP[t]) {
    if (BLAME[t] == "rekey-refused") fail_blame(t, "child")
    else set(t, "child", "ok")
  } else if (BLAME_LAYER[t] == "child") fail_blame(t, "child")
  else fail(t, "child", "no-child", "")
}

function judge_interface(t,  name, holders, i, f, n, wrong) {
  if (MODE[t] == "policy-based") return
  name = IFACE[t]
  NO_INTERFACE[t] = 1
  if (!(name in LINK)) { fail(t, "interface", "interface-absent", ""); return }
  if (LINK[name] !~ /[<,]UP[,>]/) { fail(t, "interface", "interface-down", ""); return }
  if (!((name, INSIDE[t]) in HAS_ADDRESS)) {
    # Azure's two sessions may share one address, on lo or a dummy: but not on another tunnel's interface.
    n = split(HOLDER[INSIDE[t]], f, " ")
    wrong = 1
    for (i = 1; i <= n; i++) if (!(f[i] in OWNER)) wrong = 0
    if (wrong) { fail(t, "interface", "interface-address", "", n ? f[1] : "-"); return }
  }
  delete NO_INTERFACE[t]
  if (LINK_MTU[name] != MTU[t]) fail(t, "interface", "interface-mtu", "", LINK_MTU[name])
  else set(t, "interface", "ok")
}

function judge_ping(t,  small, large, file, probe) {
  if (NO_INTERFACE[t]) return
  file = NAME[t] "." (MODE[t] == "route-based" ? PEER[t] : PROBE[t])
  small = ping_result("ping." file)
  if (small != "answers" && PROBE[t] != "-") {
    probe = ping_result("ping." NAME[t] "." PROBE[t])
    if (probe == "answers") { small = probe; file = NAME[t] "." PROBE[t] }
  }
  if (small == "") return
  if (small == "answers") {
    set(t, "ping", "ok")
    large = ping_result("df." file)
    if (large == "answers") set(t, "mtu", "ok")
    else if (large != "") fail(t, "mtu", large == "too-long" ? "mtu-here" : "mtu-path", "")
  } else if (cell(t, "bgp") == "ok") return # it carries BGP, so it only does not answer pings
  else if (!BYTES_OUT[t]) fail(t, "ping", "ping-nothing-out", "")
  else if (!BYTES_IN[t]) fail(t, "ping", "ping-nothing-in", "")
  else if (EVER_ANSWERED[t] != "no") fail(t, "ping", "ping-silent", "")
}

function judge_bgp(t,  who, state) {
  if (ROUTING[t] != "bgp" || NO_INTERFACE[t]) return
  who = PEER[t]
  if (BGP_CODE < 0) { fail(t, "bgp", "no-frr", ""); return }
  if (BGP_CODE != 0) { fail(t, "bgp", "frr-down", ""); return }
  if (!(who in BGP_ROW)) { fail(t, "bgp", "bgp-unknown", ""); return }
  state = BGP_STATE[who]
  if (state == "Established") {
    if (POLICY[who]) fail(t, "bgp", "bgp-policy", "")
    else if (RECEIVED[who] == 0) fail(t, "bgp", "bgp-none-received", "")
    else if (SENT[who] == "0") fail(t, "bgp", "bgp-none-sent", "")
    else set(t, "bgp", "ok")
  } else if (state ~ /Admin/) fail(t, "bgp", "bgp-shutdown-here", "", state)
  else if (state ~ /PfxCt/) fail(t, "bgp", "bgp-too-many", "", state)
  else if (RESET[who] ~ /Bad Peer AS/) fail(t, "bgp", "bgp-asn", RESET[who], state)
  else if (RESET[who] ~ /received.*Cease|received.*Shutdown|received.*Administrative/) fail(t, "bgp", "bgp-closed-there", RESET[who], state)
  else if (RESET[who] ~ /NHT|[Nn]exthop|[Nn]o path to/) fail(t, "bgp", "bgp-no-path", RESET[who], state)
  else if (RESET[who] ~ /Hold [Tt]imer/) fail(t, "bgp", "bgp-hold", RESET[who], state)
  else fail(t, "bgp", "bgp-silent", RESET[who], state)
}

# Whether traffic may flow by it: a refused rekey or a lost DF ping does not stop it yet.
function works(t) {
  return CHILD_UP[t] && cell(t, "local") == "ok" && !NO_INTERFACE[t] && cell(t, "ping") != "fail" && cell(t, "bgp") != "fail"
}

function judge_routes(c,  i, k, t, device, carried, elsewhere, prefix, missing) {
  for (i = 1; i <= PREFIXES[c]; i++) {
    prefix = PREFIX[c, i]; device = out_by(sample(prefix)); carried = 0
    for (k = 1; k <= 2; k++) if (t = MEMBER[c, k]) {
      if (MODE[t] == "policy-based") { if (CHILD_UP[t] && device != "") CARRIES[t, i] = 1 }
      else if (IFACE[t] == device) CARRIES[t, i] = 1
      else if (((prefix, device) in HOP) && ((prefix, IFACE[t]) in HOP)) CARRIES[t, i] = 1
      if ((t, i) in CARRIES) carried = 1
    }
    if (!carried) { missing = prefix; elsewhere = device }
  }
  for (k = 1; k <= 2; k++) if (t = MEMBER[c, k]) judge_route(t, c, missing, elsewhere)
}
function judge_route(t, c, missing, elsewhere,  i, all) {
  if (!works(t)) return
  if (missing != "") { fail(t, "route", elsewhere == "" ? "route-missing" : "route-elsewhere", "", missing " " elsewhere); return }
  all = 1
  for (i = 1; i <= PREFIXES[c]; i++) if (!((t, i) in CARRIES)) all = 0
  if (all) set(t, "route", "ok")
  else if (BALANCE[t] == "active-active" && WATCHED[t] !~ /held|drained|starting/) fail(t, "route", "route-not-shared", "", PREFIX[c, 1])
}

function judge_connection(c,  i, k, t, carried, all, failed) {
  all = 1
  for (i = 1; i <= PREFIXES[c]; i++) {
    carried = 0
    for (k = 1; k <= 2; k++) if ((t = MEMBER[c, k]) && ((t, i) in CARRIES) && works(t)) carried = 1
    if (!carried) all = 0
  }
  for (k = 1; k <= 2; k++) if (t = MEMBER[c, k]) {
    if (t in FAIL_CODE) { failed = 1; STATE[t] = works(t) ? "degraded" : "down" }
    else STATE[t] = STANDBY[t] ? "standby" : "up"
  }
  CONNECTION_STATE[c] = !all ? "down" : failed ? "degraded" : "up"
}

# The words of the clouds' own consoles.
function cloud_word(t) {
  if (CLOUD[t] == "azure") return CHILD_UP[t] ? "Connected" : "Connecting"
  # AWS counts a BGP tunnel as up only with its session; OCI shows the session apart.
  if (CLOUD[t] == "aws" && ROUTING[t] == "bgp" && BGP_STATE[PEER[t]] != "Established") return "DOWN"
  return CHILD_UP[t] ? "UP" : "DOWN"
}

function is_chosen(t) { return only == "" || NAME[t] == only }
function summarise(  t, c, worst) {
  for (t = 1; t <= TUNNELS; t++) if (is_chosen(t)) {
    CHOSEN++
    if (STATE[t] == "up" || STATE[t] == "standby") UP++
    else if (worst < 1) worst = 1
    c = CONNECTION_INDEX[CONNECTION[t]]
    if (CONNECTION_STATE[c] == "down") { worst = 2; if (!(c in DOWN)) { DOWN[c] = 1; DOWN_NAMES = DOWN_NAMES (DOWN_NAMES == "" ? "" : ", ") CONNECTION_NAME[c] } }
  }
  EXIT = worst + 0
  split("up degraded down", STATES, " "); OVERALL = STATES[EXIT + 1]
  split("OK WARNING CRITICAL", WORDS, " ")
  SUMMARY = "KAKEHASHI " WORDS[EXIT + 1] " - " say("summary", UP + 0, CHOSEN) (EXIT == 2 ? say("summary-down", DOWN_NAMES) : EXIT == 1 ? say("summary-degraded") : "")
}
AWK
