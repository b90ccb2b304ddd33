# shellcheck shell=sh
# Part of kakehashi-status: the table, the causes, the JSON document.
# An awk program's text, printed when this file is sourced.
cat <<'AWK'
function pad(text, width) { return sprintf("%-" width "s", text) }
function paint(text, value) {
  if (colour != "yes") return text
  if (value == "ok") return "\033[32m" text "\033[0m"
  return value == "fail" ? "\033[1;31m" text "\033[0m" : text
}
function duration(s) {
  if (s == "" || s < 0) return "-"
  if (s < 60) return s "s"
  if (s < 3600) return int(s / 60) "m" sprintf("%02d", s % 60) "s"
  if (s < 86400) return int(s / 3600) "h" sprintf("%02d", int(s % 3600 / 60)) "m"
  return int(s / 86400) "d" sprintf("%02d", int(s % 86400 / 3600)) "h"
}
function size(n,  i, units) {
  split("B kB MB GB TB PB", units, " ")
  for (i = 1; n >= 1000 && i < 6; i++) n /= 1000
  return i == 1 ? n " B" : sprintf("%.1f %s", n, units[i])
}
function child_age(t) { return CHILD_UP[t] && CHILD_SINCE[t] && now >= CHILD_SINCE[t] ? now - CHILD_SINCE[t] : "" }
function ike_age(t) { return IKE_UP[t] && (t in IKE_AGE) ? IKE_AGE[t] : "" }

function print_table(  t, i, w, line, v) {
  w = 6
  for (t = 1; t <= TUNNELS; t++) if (is_chosen(t) && length(NAME[t]) > w) w = length(NAME[t])
  print CONTROLLER["site"] "/" CONTROLLER["controller"] "  Libreswan " VERSION
  print ""
  line = pad("TUNNEL", w)
  for (i = 1; i <= LAYERS; i++) line = line "  " pad(HEAD[i], 5)
  print line "  CLOUD"
  for (t = 1; t <= TUNNELS; t++) if (is_chosen(t)) {
    line = pad(NAME[t], w)
    for (i = 1; i <= LAYERS; i++) {
      v = cell(t, KEY[i])
      line = line "  " paint(pad(v == "fail" ? "FAIL" : v == "ok" ? "ok" : "-", 5), v)
    }
    print line "  " cloud_word(t)
  }
  print ""
  print_numbers(w)
  print_failures()
  print ""
  print SUMMARY
  if (!WATCHER) print say("no-watcher")
  if (LOG_CODE != 0 && EXIT > 0 && STATUS_CODE == 0) print say("no-log")
}
function print_numbers(w,  t, c, i, who, b, r, s, carries) {
  print pad("TUNNEL", w) "  " pad("IKE AGE", 8) "  " pad("CHILD AGE", 9) "  " pad("IN", 9) "  " pad("OUT", 9) "  " pad("BGP", 11) "  " pad("RECEIVED", 8) "  " pad("SENT", 4) "  " pad("WATCHER", 8) "  CARRIES"
  for (t = 1; t <= TUNNELS; t++) if (is_chosen(t)) {
    c = CONNECTION_INDEX[CONNECTION[t]]; who = PEER[t]; carries = ""
    b = "-"; r = "-"; s = "-"
    if (ROUTING[t] == "bgp" && (who in BGP_ROW)) {
      b = BGP_STATE[who]
      if (b == "Established") { r = RECEIVED[who]; s = SENT[who] == "" ? "-" : SENT[who] }
    }
    for (i = 1; i <= PREFIXES[c]; i++) if ((t, i) in CARRIES) carries = carries (carries == "" ? "" : ",") PREFIX[c, i]
    print pad(NAME[t], w) "  " pad(duration(ike_age(t)), 8) "  " pad(duration(child_age(t)), 9) "  " \
      pad(CHILD_UP[t] ? size(BYTES_IN[t]) : "-", 9) "  " pad(CHILD_UP[t] ? size(BYTES_OUT[t]) : "-", 9) "  " pad(b, 11) "  " pad(r, 8) "  " pad(s, 4) "  " pad(t in WATCHED ? WATCHED[t] : "-", 8) "  " (carries == "" ? "-" : carries)
  }
}
# What several tunnels have in common is said once.
function print_failures(  t, k, key, names) {
  for (t = 1; t <= TUNNELS; t++) if (is_chosen(t) && (t in FAIL_CODE)) {
    key = FAIL_LAYER[t] " " fill(t, TEXT[FAIL_CODE[t], language]) " " fill(t, ADVICE[FAIL_CODE[t], language])
    if (key in names) names[key] = names[key] ", " NAME[t]
    else { names[key] = NAME[t]; KEY_OF[t] = key }
  }
  for (t = 1; t <= TUNNELS; t++) if (t in KEY_OF) print_failure(t, names[KEY_OF[t]])
}
function print_failure(t, names,  age) {
  print ""
  print paint(names ": " HEAD[COLUMN[FAIL_LAYER[t]]], "fail")
  print "  " say("word-cause") fill(t, TEXT[FAIL_CODE[t], language])
  if (FAIL_EVIDENCE[t] != "") {
    age = FAIL_TIME[t] > 0 && now >= FAIL_TIME[t] ? say("ago", duration(int(now - FAIL_TIME[t]))) : ""
    print "  " say("word-seen") shown(FAIL_EVIDENCE[t], 200) age
  }
  print "  " say("word-do") fill(t, ADVICE[FAIL_CODE[t], language])
}

# put(TEXT, WORD, VALUE): not gsub, whose replacement gives & and \ a meaning.
function put(text, word, value,  at, out) {
  while (at = index(text, word)) { out = out substr(text, 1, at - 1) value; text = substr(text, at + length(word)) }
  return out text
}
# The texts' {words}. Every value was validated when it was read, or is cleaned here.
function fill(t, text,  because, command) {
  split(BECAUSE[t] " ", because, " ")
  command = VERSION + 0 >= 5 ? "ipsec " : "ipsec auto --"
  text = put(text, "{tunnel}", NAME[t]); text = put(text, "{connection}", CONNECTION[t]); text = put(text, "{number}", NUMBER[t])
  text = put(text, "{address}", ADDRESS[t]); text = put(text, "{interface}", IFACE[t]); text = put(text, "{inside}", INSIDE[t])
  text = put(text, "{peer}", MODE[t] == "route-based" ? PEER[t] : PROBE[t]); text = put(text, "{mtu}", MTU[t])
  text = put(text, "{asn}", ASN[t] ~ /^[0-9]+$/ ? ASN[t] : "-")
  text = put(text, "{public}", CONTROLLER["public_ip"]); text = put(text, "{private}", CONTROLLER["private_ip"])
  text = put(text, "{because}", clean(because[1])); text = put(text, "{device}", clean(because[2]))
  text = put(text, "{conf}", clean(ipsec_d) "/" CONNECTION[t] ".conf")
  text = put(text, "{secrets}", clean(ipsec_d) "/" CONNECTION[t] ".secrets")
  text = put(text, "{etc}", clean(etc)); text = put(text, "{end}", put(TEXT["end-" CLOUD[t], language], "{1}", NUMBER[t]))
  text = put(text, "{up}", "`" command "up " NAME[t] "`");
  return put(text, "{replace}", "`" command "replace " NAME[t] "`")
}
function clean(value) { gsub(/[^A-Za-z0-9\/._-]/, "", value); return value }

function say(code, one, two) { return put(put(TEXT[code, language], "{1}", one), "{2}", two) }

function refuse(code, detail,  text, advice) {
  text = put(put(TEXT[code, language], "{1}", shown(detail, 200)), "{etc}", clean(etc))
  advice = put(ADVICE[code, language], "{etc}", clean(etc))
  if (format == "json")
    print "{\"version\":1,\"site\":null,\"controller\":null,\"libreswan\":null,\"state\":\"unknown\",\"exit_code\":3,\"tunnels_up\":0,\"tunnels_total\":0,\"summary\":" \
      json("KAKEHASHI UNKNOWN - " text) ",\"error\":{\"code\":" json(code) ",\"text\":" json(text) ",\"advice\":" json(advice) "},\"connections\":[],\"tunnels\":[]}"
  else if (format == "quiet") print "KAKEHASHI UNKNOWN - " text
  else { print "kakehashi-status: " text; print "  " say("word-do") advice }
  exit 3
}

function json(text) { return text == "" ? "null" : "\"" escaped(escaped(text, "\\"), "\"") "\"" }
function escaped(text, mark,  at, out) {
  while (at = index(text, mark)) { out = out substr(text, 1, at - 1) "\\" mark; text = substr(text, at + 1) }
  return out text
}
function number(value) { return value == "" ? "null" : sprintf("%.0f", value) }
function print_json(  t, c, i, k, out, sep, sep2, first) {
  out = "{\"version\":1,\"site\":" json(CONTROLLER["site"]) ",\"controller\":" json(CONTROLLER["controller"]) ",\"libreswan\":" json(VERSION) \
    ",\"state\":" json(OVERALL) ",\"exit_code\":" EXIT ",\"tunnels_up\":" (UP + 0) ",\"tunnels_total\":" CHOSEN ",\"summary\":" json(SUMMARY) ",\"error\":null,\"connections\":["
  for (c = 1; c <= CONNECTIONS; c++) {
    if (only != "" && CONNECTION_NAME[c] != CONNECTION[INDEX[only]]) continue
    t = MEMBER[c, 1] ? MEMBER[c, 1] : MEMBER[c, 2]
    out = out sep "{\"name\":" json(CONNECTION_NAME[c]) ",\"cloud\":" json(CLOUD[t]) ",\"state\":" json(CONNECTION_STATE[c]) ",\"routes\":["; sep = ","
    for (i = 1; i <= PREFIXES[c]; i++) {
      out = out (i > 1 ? "," : "") "{\"prefix\":" json(PREFIX[c, i]) ",\"tunnels\":["; sep2 = ""
      for (k = 1; k <= 2; k++) if ((t = MEMBER[c, k]) && ((t, i) in CARRIES)) { out = out sep2 json(NAME[t]); sep2 = "," }
      out = out "]}"
    }
    out = out "]}"
  }
  out = out "],\"tunnels\":["
  first = 1
  for (t = 1; t <= TUNNELS; t++) if (is_chosen(t)) { out = out (first ? "" : ",") tunnel_json(t); first = 0 }
  print out "]}"
}
function tunnel_json(t,  i, out, who, age) {
  who = PEER[t]
  out = "{\"name\":" json(NAME[t]) ",\"connection\":" json(CONNECTION[t]) ",\"number\":" NUMBER[t] ",\"cloud\":" json(CLOUD[t]) ",\"state\":" json(STATE[t]) ",\"layers\":{"
  for (i = 1; i <= LAYERS; i++) out = out (i > 1 ? "," : "") json(KEY[i]) ":" json(cell(t, KEY[i]))
  out = out "},\"ike_age_seconds\":" number(ike_age(t)) ",\"child_age_seconds\":" number(child_age(t)) \
    ",\"bytes_in\":" (CHILD_UP[t] ? number(BYTES_IN[t]) : "null") ",\"bytes_out\":" (CHILD_UP[t] ? number(BYTES_OUT[t]) : "null") \
    ",\"bgp_state\":" (ROUTING[t] == "bgp" ? json(BGP_STATE[who]) : "null") ",\"bgp_received\":" (ROUTING[t] == "bgp" ? number(RECEIVED[who]) : "null") \
    ",\"bgp_sent\":" (ROUTING[t] == "bgp" ? number(SENT[who]) : "null") ",\"watcher\":" json(WATCHED[t]) ",\"cloud_should_show\":" json(cloud_word(t)) ",\"failure\":"
  if (!(t in FAIL_CODE)) return out "null}"
  age = FAIL_TIME[t] > 0 && now >= FAIL_TIME[t] ? int(now - FAIL_TIME[t]) : ""
  return out "{\"layer\":" json(FAIL_LAYER[t]) ",\"code\":" json(FAIL_CODE[t]) ",\"text\":" json(fill(t, TEXT[FAIL_CODE[t], language])) \
    ",\"advice\":" json(fill(t, ADVICE[FAIL_CODE[t], language])) ",\"evidence\":" json(shown(FAIL_EVIDENCE[t], 200)) ",\"evidence_age_seconds\":" number(age) "}}"
}
AWK
