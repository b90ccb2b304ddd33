# shellcheck shell=sh
# Part of kakehashi-status: what pluto's log says about each tunnel.
# An awk program's text, printed when this file is sourced.
cat <<'AWK'
# The last thing that went wrong for each tunnel, as pluto's log tells it, in order; success wipes it out.
function read_log(  file, line, time, text, state, t, conn) {
  LOG_CODE = answered("log")
  file = dir "/log"
  while ((getline line < file) > 0) {
    time = line + 0 # only journalctl's lines start with a number
    text = line
    if (!sub(/^[^"]*pluto\[[0-9]+\]: /, "", text)) sub(/^[A-Z][a-z][a-z] +[0-9]+ [0-9:.]+: /, "", text)
    if (text ~ /^FATAL ERROR|^ABORT|[Ff]ailed to start|ERROR: .*(config|listen)/) PLUTO_COMPLAINT = text
    if (match(text, /^packet from [0-9.]+[:@]/)) {
      conn = substr(text, 13, RLENGTH - 13)
      for (t = 1; t <= TUNNELS; t++) if (ADDRESS[t] == conn) read_stray(t, text, time)
      continue
    }
    sub(/^(ERROR|WARNING): /, "", text)
    if (!match(text, /^"[^"]+"/)) continue
    conn = substr(text, 2, RLENGTH - 2)
    if (!(t = tunnel_of(conn))) continue
    state = ""
    if (match(text, /^"[^"]+"(\[[0-9]+\] [^ ]+)? #[0-9]+/)) { state = substr(text, 1, RLENGTH); sub(/.*#/, "", state) }
    read_event(t, state, text, time)
  }
  close(file)
}
function read_event(t, state, text, time) {
  if (text ~ /added (IKEv[12] )?connection|: added connection description/) { forget(t); ADD_FAILED[t] = ""; return }
  if (text ~ /failed to add/) { ADD_FAILED[t] = text; return }
  if (text ~ /established (IKE SA|Child SA|rekey|parent SA)|(IKE|IPsec|PARENT) SA established|rekeyed (Child|IKE) SA/ && text !~ /response rejected|failed/) {
    forget(t); return
  }
  if (text ~ /AUTHENTICATION_FAILED/ && text ~ /rejected by peer|received|failed with/) blame(t, "ike", "auth-refused", state, text, time)
  else if (text ~ /computed hash does not match|hash mismatch|AUTH mismatch|MAC mismatch/) blame(t, "ike", "key-differs", state, text, time)
  else if (text ~ /find our PreShared Key|[Nn]o matching PSK found|cannot find PSK|no preshared key found/) blame(t, "ike", "key-missing", state, text, time)
  else if (text ~ /[Pp]eer ID .*mismatch|[Pp]eer mismatch on first|no suitable connection for peer|we require (IKEv2 )?peer to have ID/)
    blame(t, "ike", "peer-id", state, text, time)
  else if (text ~ /INVALID_MAJOR_VERSION/) blame(t, "ike", "ikev1-peer", state, text, time)
  else if (text ~ /CREATE_CHILD_SA/ && text ~ /NO_PROPOSAL_CHOSEN|INVALID_KE_PAYLOAD|TS_UNACCEPTABLE/)
    # 5.x keeps an IKE SA whose first child was refused and asks again this way: that is no rekey.
    blame(t, "child", text ~ /TS_UNACCEPTABLE/ ? "selectors" : BLAME[t] == "esp-proposal" ? "esp-proposal" : "rekey-refused", state, text, time)
  else if (text ~ /NO_PROPOSAL_CHOSEN/ && text ~ /Child SA|IKE_AUTH|IPsec SA|CHILD/) blame(t, "child", "esp-proposal", state, text, time)
  else if (text ~ /TS_UNACCEPTABLE/) blame(t, "child", "selectors", state, text, time)
  else if (text ~ /INVALID_KE/ && text ~ /not acceptable|ignored|discard|Discarding|drop/) blame(t, "ike", "dh-group", state, text, time)
  else if (text ~ /NO_PROPOSAL_CHOSEN|no (acceptable )?proposal|no local proposal matches/) blame(t, "ike", "ike-proposal", state, text, time)
  else if (text ~ /route already in use|eroute -- it is in use|kernel policy .*in use|cannot install .*in use/)
    blame(t, "child", "policy-in-use", state, text, time)
  else if (text ~ /netlink response for (Add|Update) SA.*(not implemented|not supported|No such file)/) blame(t, "child", "no-esp", state, text, time)
  # pluto retries with the answer still unread: then the answer is what matters.
  else if (text ~ /No response \(or no acceptable response\)/) { if (BLAME_STATE[t] != state || state == "") blame(t, "reach", "no-answer", state, text, time) }
  else if (text ~ /no acceptable response to our first encrypted message/) {
    if (BLAME_STATE[t] != state || state == "") blame(t, "reach", "no-answer-encrypted", state, text, time)
  } else if (text ~ /retransmission; will wait/ && text ~ /PARENT_I1|IKE_SA_INIT/) {
    RETRANSMITS[t, state]++
    if (!(t in BLAME) && RETRANSMITS[t, state] >= 2) blame(t, "reach", "no-answer", state, text, time)
  } else if (text ~ /retransmission; will wait/ && text ~ /PARENT_I2|IKE_AUTH/) {
    RETRANSMITS[t, state]++
    if (!(t in BLAME) && RETRANSMITS[t, state] >= 3) blame(t, "reach", "no-answer-encrypted", state, text, time)
  } else if (text ~ /received Delete SA payload: (delete|expire) (IKE|IPsec|PARENT)|peer deleted/) blame(t, "ike", "peer-deleted", state, text, time)
}
# Packets that pluto could not give to a connection.
function read_stray(t, text, time) {
  if (text ~ /ikev1-policy|Main Mode|Aggressive Mode|IKEv1/) blame(t, "ike", "ikev1-peer", "", text, time)
  else if (text ~ /INVALID_MAJOR_VERSION/) blame(t, "ike", "ikev1-peer", "", text, time)
  else if (text ~ /NO_PROPOSAL_CHOSEN/) blame(t, "ike", "ike-proposal", "", text, time)
}
function blame(t, layer, code, state, text, time) {
  BLAME[t] = code; BLAME_LAYER[t] = layer; BLAME_STATE[t] = state; BLAME_TEXT[t] = text; BLAME_TIME[t] = time
}
function forget(t) { delete BLAME[t]; delete BLAME_LAYER[t]; delete BLAME_STATE[t]; delete BLAME_TEXT[t]; delete BLAME_TIME[t] }
AWK
