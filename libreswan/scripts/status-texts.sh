# shellcheck shell=sh
# Part of kakehashi-status: every text in English and Japanese. {1} {2} and the words of fill() stand for values.
# An awk program's text, printed when this file is sourced.
cat <<'AWK'
function word(code, en, ja) { TEXT[code, "en"] = en; TEXT[code, "ja"] = ja }
function cause(code, en, en_do, ja, ja_do) { word(code, en, ja); ADVICE[code, "en"] = en_do; ADVICE[code, "ja"] = ja_do }
function messages() {
  word("word-cause", "cause: ", "原因: "); word("word-seen", "seen:  ", "記録: "); word("word-do", "do:    ", "対処: ")
  word("ago", " ({1} ago)", " ({1} 前)")
  word("summary", "{1} of {2} tunnels up", "{2} 本中 {1} 本のトンネルが正常")
  word("summary-down", ", down: {1}", "、切断中の接続: {1}")
  word("summary-degraded", ", every connection still carries", "、すべての接続は通信可能")
  word("no-watcher", "note: kakehashi-routes is not running: nothing moves traffic off a dead tunnel at once. `systemctl start kakehashi-routes`",
    "注意: kakehashi-routes が動いていません。切れたトンネルから通信がすぐには切り替わりません。`systemctl start kakehashi-routes`")
  word("no-log", "note: pluto's log could not be read (journalctl -u ipsec): causes may be incomplete",
    "注意: pluto のログ(journalctl -u ipsec)を読めないため、原因の判定が不完全なことがあります")
  word("end-aws", "the VPN connection's tunnel {1} (AWS)", "AWS の VPN 接続のトンネル {1}")
  word("end-oracle", "the IPSec connection's tunnel {1} (OCI)", "OCI の IPSec 接続のトンネル {1}")
  word("end-azure", "the connection, gateway instance {1} of 2 (Azure)", "Azure の接続(ゲートウェイの 2 インスタンス中 {1} 番目)")

  # not told at all
  cause("not-root", "needs root: the IPsec state is readable by root alone", "run it again as root: `sudo kakehashi-status`",
    "root 権限が必要です(IPsec の状態は root だけが読めます)", "root で実行し直してください: `sudo kakehashi-status`")
  cause("no-controller", "not configured: {etc}/controller is missing or cannot be read", "run install.sh of the tree that `kakehashi render` wrote for this controller",
    "未設定です: {etc}/controller がないか、読めません", "`kakehashi render` が書き出したこのコントローラ用の install.sh を実行してください")
  cause("no-tunnels-file", "not configured: {etc}/tunnels is missing or cannot be read", "run install.sh of the tree that `kakehashi render` wrote for this controller",
    "未設定です: {etc}/tunnels がないか、読めません", "`kakehashi render` が書き出したこのコントローラ用の install.sh を実行してください")
  cause("no-tunnels", "not configured: {etc}/tunnels names no tunnel", "give this controller a connection in site.yaml, then deploy, render and install.sh",
    "未設定です: {etc}/tunnels にトンネルがありません", "site.yaml でこのコントローラに接続を書き、deploy、render、install.sh を行ってください")
  cause("no-such-tunnel", "not configured: there is no tunnel {1} in {etc}/tunnels", "`kakehashi-status` without --tunnel lists them",
    "未設定です: {etc}/tunnels に {1} というトンネルはありません", "--tunnel なしで実行すると一覧が出ます")
  cause("bad-file", "not as render writes it: {1}", "run `kakehashi render` and install.sh again; do not edit these files by hand",
    "render が書く形式ではありません: {1}", "`kakehashi render` と install.sh をやり直してください(手で編集しないでください)")
  cause("no-kernel", "it can't be told: ip(8) does not answer", "run it again; the machine is overloaded, or `ip link show` says what is wrong",
    "判定できません: ip(8) が応答しません", "もう一度実行してください。過負荷か、`ip link show` が理由を示します")

  # LOCAL
  cause("no-libreswan", "Libreswan is not installed: there is no `ipsec` command", "`apt install libreswan`, then install.sh again",
    "Libreswan が入っていません(`ipsec` コマンドがありません)", "`apt install libreswan` のあと、install.sh をやり直してください")
  cause("pluto-down", "the ipsec service is not running (state: {because})", "`systemctl start ipsec`; if it stops again: `journalctl -u ipsec -n 50`",
    "ipsec サービスが動いていません(状態: {because})", "`systemctl start ipsec`。また止まるときは `journalctl -u ipsec -n 50` を見てください")
  cause("pluto-hangs", "pluto does not answer: the machine is overloaded, or pluto hangs", "run it again; if it stays so: `systemctl restart ipsec` (drops every tunnel for some seconds)",
    "pluto が応答しません(過負荷か、pluto の停止)", "もう一度実行し、変わらなければ `systemctl restart ipsec`(全トンネルが数秒切れます)")
  cause("not-loaded", "configured but not loaded: {conf} has the conn, pluto does not", "{replace} says why it is refused; then {up}",
    "設定はありますが、読み込まれていません: {conf} に conn があるのに pluto にありません", "{replace} で拒否の理由を確かめ、{up} を実行してください")
  cause("not-configured", "not configured: {etc}/tunnels names it, but no file in ipsec.d has a conn {tunnel}", "run install.sh of the rendered tree again",
    "未設定です: {etc}/tunnels にはありますが、ipsec.d のどのファイルにも conn {tunnel} がありません", "render したツリーの install.sh をやり直してください")
  cause("unoriented", "pluto found no address and interface for its own end: no default route when the conn was loaded, or {interface} was not as pluto wants it",
    "`ip route show default`; `kakehashi-interfaces up`; then {replace} and {up}",
    "pluto が自分側のアドレスとインターフェースを決められません: 読み込み時にデフォルト経路がなかったか、{interface} が pluto の求める形ではありません",
    "`ip route show default` と `kakehashi-interfaces up` のあと、{replace} と {up} を実行してください")

  # REACH
  cause("no-route", "this machine has no route to the cloud's address {address}", "look at the default route: `ip route get {address}`",
    "クラウド側アドレス {address} への経路がありません", "デフォルト経路を確かめてください: `ip route get {address}`")
  cause("route-loop", "the route to the cloud's address {address} leads into a tunnel ({because})", "give {address} a route outside the tunnels: `ip route get {address}`",
    "クラウド側アドレス {address} への経路がトンネル({because})に向いています", "{address} への経路をトンネルの外に向けてください: `ip route get {address}`")
  cause("no-answer", "{address} does not answer on UDP 500: a firewall or NAT on the way drops it, the cloud's tunnel is gone or has another address, or the cloud knows this site by another address than {public}",
    "let UDP 500 and 4500 pass between {private} and {address} both ways; compare {address} and {public} with {end}",
    "{address} が UDP 500 に応答しません: 途中のファイアウォールや NAT が落としているか、クラウド側のトンネルがない(アドレスが違う)か、クラウドが知るこちらのアドレスが {public} ではありません",
    "{private} と {address} の間で UDP 500 と 4500 を双方向に通し、{address} と {public} を {end} と見比べてください")
  cause("no-answer-encrypted", "{address} answers on UDP 500 but not to the first encrypted message: UDP 4500 is dropped on the way, or the cloud silently refuses the key or the id",
    "let UDP 4500 pass between {private} and {address} both ways; if it does, compare the key and the id {public} with {end}",
    "{address} は UDP 500 には応答しますが、最初の暗号化メッセージに応答しません: 途中で UDP 4500 が落とされているか、クラウドが鍵か ID を黙って拒否しています",
    "{private} と {address} の間で UDP 4500 を双方向に通してください。通っていれば、鍵と ID {public} を {end} と見比べてください")

  # IKE
  cause("auth-refused", "the cloud refused our authentication (AUTHENTICATION_FAILED): the pre-shared keys differ, or the cloud expects another id than {public}",
    "compare the key in {secrets} and the id {public} with {end}; after a change: `ipsec whack --rereadsecrets`; {up}",
    "クラウドが認証を拒否しました(AUTHENTICATION_FAILED): 事前共有鍵が違うか、クラウドが期待する ID が {public} ではありません",
    "{secrets} の鍵と ID {public} を {end} と見比べ、直したら `ipsec whack --rereadsecrets` と {up} を実行してください")
  cause("key-differs", "the pre-shared keys of the two ends differ: what the cloud sent could not be verified", "compare the key in {secrets} with {end}; after a change: `ipsec whack --rereadsecrets`; {up}",
    "両端の事前共有鍵が違います(クラウドから届いた認証値を検証できません)", "{secrets} の鍵を {end} と見比べ、直したら `ipsec whack --rereadsecrets` と {up} を実行してください")
  cause("key-missing", "pluto has no pre-shared key for {public} and {address}", "look whether {secrets} is there and has a line for both ids; then: `ipsec whack --rereadsecrets`; {up}",
    "pluto に {public} と {address} の組の事前共有鍵がありません", "{secrets} に両方の ID の行があるか確かめ、`ipsec whack --rereadsecrets` と {up} を実行してください")
  cause("peer-id", "the cloud presents another id than {address}, which {conf} expects (rightid=)", "compare rightid= with {end}: its own address or local id; render again if its address changed",
    "クラウドが名乗る ID が、{conf} の期待(rightid={address})と違います", "rightid= を {end} のアドレスやローカル ID と見比べ、アドレスが変わったなら render をやり直してください")
  cause("ike-proposal", "the two ends have no IKE (phase 1) proposal in common (NO_PROPOSAL_CHOSEN), or the cloud's end takes only IKEv1",
    "compare ike= in {conf} with phase 1 of {end}: encryption, integrity, DH group, IKEv2 allowed",
    "IKE(フェーズ 1)の提案が両端で一致しません(NO_PROPOSAL_CHOSEN)。または、クラウド側が IKEv1 しか受けません",
    "{conf} の ike= を {end} のフェーズ 1(暗号、認証、DH グループ、IKEv2 の許可)と見比べてください")
  cause("dh-group", "the cloud wants another Diffie-Hellman group for IKE (INVALID_KE_PAYLOAD)", "give both ends the same DH group: ike= in {conf} and phase 1 of {end}",
    "クラウドが IKE に別の Diffie-Hellman グループを求めています(INVALID_KE_PAYLOAD)", "{conf} の ike= と {end} のフェーズ 1 で DH グループをそろえてください")
  cause("ikev1-peer", "the cloud's end speaks IKEv1; this controller speaks only IKEv2", "allow IKEv2 at {end}",
    "クラウド側が IKEv1 で話しています(このコントローラは IKEv2 だけです)", "{end} で IKEv2 を許可してください")
  cause("peer-deleted", "the cloud deleted the tunnel's SA and has not built a new one", "look at the log of {end}; then {up}",
    "クラウドがトンネルの SA を削除し、作り直していません", "{end} のログを見て、{up} を実行してください")
  cause("negotiating", "IKE is being negotiated right now", "run it again in 10 s",
    "いま IKE の折衝中です", "10 秒後にもう一度実行してください")
  cause("not-started", "loaded, but nobody has started it: taken down by hand, or auto= in {conf} does not start it", "{up}",
    "読み込まれていますが、開始されていません(手で止めたか、{conf} の auto= が開始しない設定です)", "{up}")

  # CHILD
  cause("esp-proposal", "the IKE SA stands, but the two ends have no ESP (phase 2) proposal in common (NO_PROPOSAL_CHOSEN)", "compare esp= in {conf} with phase 2 of {end}: encryption, integrity",
    "IKE SA はできましたが、ESP(フェーズ 2)の提案が両端で一致しません(NO_PROPOSAL_CHOSEN)", "{conf} の esp= を {end} のフェーズ 2(暗号、認証)と見比べてください")
  cause("rekey-refused", "the last rekey was refused: the PFS (DH) groups of phase 2 differ, which shows only at a rekey. The tunnel stops when the child SA's lifetime ends",
    "give both ends the same PFS group: esp= in {conf} and phase 2 of {end}; then {replace}; {up}",
    "前回の鍵更新(rekey)が拒否されました: フェーズ 2 の PFS(DH)グループが違います(鍵更新のときだけ現れます)。Child SA の寿命が尽きるとトンネルが止まります",
    "{conf} の esp= と {end} のフェーズ 2 で PFS グループをそろえ、{replace} と {up} を実行してください")
  cause("selectors", "the cloud refused the traffic selectors (TS_UNACCEPTABLE): the prefixes of the two ends differ", "compare leftsubnet= and rightsubnet= in {conf} with the prefixes of {end}; a route-based tunnel has 0.0.0.0/0 on both ends",
    "クラウドがトラフィックセレクタを拒否しました(TS_UNACCEPTABLE): 両端のプレフィックスが違います", "{conf} の leftsubnet= と rightsubnet= を {end} と見比べてください(ルートベースでは両端とも 0.0.0.0/0)")
  cause("policy-in-use", "another tunnel already holds the same kernel policy", "look whether every conn in ipsec.d has its own mark=; then {replace}; {up}",
    "別のトンネルが同じカーネルポリシーを使っています", "ipsec.d の各 conn に別々の mark= があるか確かめ、{replace} と {up} を実行してください")
  cause("no-esp", "the kernel refused the child SA: it has no ESP", "`modprobe esp4`; a kernel without that module cannot be a controller",
    "カーネルが Child SA を拒否しました(ESP がありません)", "`modprobe esp4`。このモジュールのないカーネルではコントローラになれません")
  cause("no-child", "the IKE SA stands without a child SA, and the log does not say why", "{up} prints the negotiation",
    "IKE SA はありますが Child SA がなく、ログに理由がありません", "{up} で折衝の経過を見てください")

  # IFACE
  cause("interface-absent", "the tunnel's interface {interface} does not exist", "`kakehashi-interfaces up`",
    "トンネルのインターフェース {interface} がありません", "`kakehashi-interfaces up`")
  cause("interface-down", "the tunnel's interface {interface} is down", "`kakehashi-interfaces up`",
    "トンネルのインターフェース {interface} が down です", "`kakehashi-interfaces up`")
  cause("interface-address", "{interface} lacks the inside address {inside}", "`kakehashi-interfaces up`",
    "{interface} に内側アドレス {inside} がありません", "`kakehashi-interfaces up`")
  cause("interface-mtu", "the MTU of {interface} is {because}, not {mtu}: full-size packets may be lost", "`kakehashi-interfaces up`",
    "{interface} の MTU が {mtu} ではなく {because} です(最大長のパケットが失われるおそれ)", "`kakehashi-interfaces up`")

  # PING
  cause("ping-nothing-out", "the child SA stands, but nothing has entered it: the interface's number or mark does not match the conn", "`kakehashi-interfaces check`; compare mark= in {conf} with {etc}/tunnels",
    "Child SA はありますが、送信が 0 バイトです(インターフェースの番号かマークが conn と合いません)", "`kakehashi-interfaces check` を実行し、{conf} の mark= を {etc}/tunnels と見比べてください")
  cause("ping-nothing-in", "packets leave through the tunnel, none has come back: ESP (or UDP 4500) is dropped on the way, or the cloud's end does not send into this tunnel",
    "let ESP (protocol 50) and UDP 4500 pass between {private} and {address}; look at the state of {end}",
    "トンネルから送信していますが、受信が 0 バイトです: 途中で ESP(または UDP 4500)が落とされているか、クラウド側がこのトンネルに送っていません",
    "{private} と {address} の間で ESP(プロトコル 50)と UDP 4500 を通し、{end} の状態を見てください")
  cause("ping-silent", "{peer} does not answer a ping through the tunnel, although it has carried traffic", "look whether {end} shows the inside addresses {inside} and {peer}, and lets ICMP pass",
    "トンネルは通信した実績がありますが、{peer} がトンネル経由の ping に応答しません", "{end} の内側アドレスが {inside} と {peer} か、ICMP を通すかを見てください")

  # BGP
  cause("no-frr", "FRR is not installed: there is no `vtysh`", "`apt install frr`, then install.sh again",
    "FRR が入っていません(`vtysh` がありません)", "`apt install frr` のあと、install.sh をやり直してください")
  cause("frr-down", "FRR's bgpd does not answer", "`systemctl restart frr`; then: `journalctl -u frr -n 50`",
    "FRR の bgpd が応答しません", "`systemctl restart frr`。次に `journalctl -u frr -n 50` を見てください")
  cause("bgp-unknown", "FRR has no neighbor {peer}: its configuration is not the rendered one", "run install.sh again, then: `systemctl reload frr`",
    "FRR にネイバー {peer} がありません(render した設定ではありません)", "install.sh をやり直し、`systemctl reload frr` を実行してください")
  cause("bgp-shutdown-here", "the session with {peer} was shut down on this machine", "`vtysh -c 'configure terminal' -c 'router bgp' -c 'no neighbor {peer} shutdown'`",
    "{peer} との BGP セッションは、この機械で停止されています", "`vtysh -c 'configure terminal' -c 'router bgp' -c 'no neighbor {peer} shutdown'`")
  cause("bgp-closed-there", "the cloud closed the BGP session", "look at BGP of {end}: shut down, or over its limit of routes",
    "クラウド側が BGP セッションを閉じました", "{end} の BGP(停止、経路数の上限)を見てください")
  cause("bgp-asn", "the AS numbers do not match: {peer} is not AS {asn}", "compare the ASN of {end} with site.yaml; then render and install.sh",
    "AS 番号が合いません({peer} は AS {asn} ではありません)", "{end} の ASN を site.yaml と見比べ、render と install.sh をやり直してください")
  cause("bgp-no-path", "FRR has no path to {peer}", "`ip route get {peer}`; `kakehashi-interfaces up`",
    "FRR から {peer} への経路がありません", "`ip route get {peer}` を見て、`kakehashi-interfaces up` を実行してください")
  cause("bgp-hold", "the session with {peer} timed out: its packets get lost in the tunnel", "look at loss and full-size packets on the path; the session comes back by itself when packets pass",
    "{peer} との BGP セッションがタイムアウトしました(トンネル内でパケットが失われています)", "経路のパケット損失と最大長パケットの通過を調べてください。通れば自動で復帰します")
  cause("bgp-too-many", "FRR closed the session: {peer} sent more routes than allowed", "look at the routes of {end}; then: `vtysh -c 'clear bgp {peer}'`",
    "{peer} からの経路が上限を超えたため、FRR がセッションを閉じました", "{end} の経路を見て、`vtysh -c 'clear bgp {peer}'` を実行してください")
  cause("bgp-silent", "the tunnel carries, but {peer} does not open a BGP session (state {because})", "look whether {end} has BGP on, the inside address {peer} and this site's ASN",
    "トンネルは通っていますが、{peer} と BGP セッションが張れません(状態 {because})", "{end} で BGP が有効か、内側アドレス {peer} とこちらの ASN が正しいかを見てください")
  cause("bgp-policy", "the session with {peer} stands, but FRR has no filter for it, so it exchanges no routes", "run install.sh again, then: `systemctl reload frr`",
    "{peer} とのセッションはありますが、FRR にフィルタがないため経路を交換しません", "install.sh をやり直し、`systemctl reload frr` を実行してください")
  cause("bgp-none-received", "the session with {peer} stands, but the cloud announces no route that is accepted", "look at the routes that {end} announces, and compare the network's cidr in site.yaml",
    "{peer} とのセッションはありますが、受け入れられる経路がクラウドから届いていません", "{end}が広告する経路を見て、site.yaml のネットワークの cidr と見比べてください")
  cause("bgp-none-sent", "the session with {peer} stands, but this site announces no route to the cloud", "`vtysh -c 'show bgp neighbors {peer} advertised-routes'`; run install.sh again",
    "{peer} とのセッションはありますが、こちらからクラウドへ経路を広告していません", "`vtysh -c 'show bgp neighbors {peer} advertised-routes'` を見て、install.sh をやり直してください")

  # ROUTE
  cause("route-missing", "the kernel has no route to {because}", "`systemctl status kakehashi-routes frr`; `ip route show {because}`",
    "カーネルに {because} への経路がありません", "`systemctl status kakehashi-routes frr` と `ip route show {because}` を見てください")
  cause("route-elsewhere", "traffic to {because} does not enter the tunnel: the kernel sends it out by {device}, in clear", "`ip route show {because}`; `systemctl restart kakehashi-interfaces kakehashi-routes`",
    "{because} への通信がトンネルに入らず、{device} から平文で出ています", "`ip route show {because}` を見て、`systemctl restart kakehashi-interfaces kakehashi-routes` を実行してください")
  cause("route-not-shared", "both tunnels should share the traffic to {because}, and this one has no part in it", "`ip route show {because}`; `systemctl status kakehashi-routes frr`",
    "{because} への通信を両トンネルで分けるはずが、このトンネルに経路がありません", "`ip route show {because}` と `systemctl status kakehashi-routes frr` を見てください")

  # MTU
  cause("mtu-here", "a packet of {mtu} bytes is too long for this machine's path into the tunnel", "`ip route get {peer}`; `ip route flush cache`; `kakehashi-interfaces up`",
    "{mtu} バイトのパケットが、この機械からトンネルへの経路で長すぎます", "`ip route get {peer}` と `ip route flush cache` のあと、`kakehashi-interfaces up` を実行してください")
  cause("mtu-path", "small packets pass, one of {mtu} bytes with the don't-fragment bit does not: the path to {address} carries less than usual",
    "measure what passes: `ping -M do -s SIZE -I {interface} {peer}`; let ICMP 'fragmentation needed' pass; give the connection a lower MTU",
    "小さいパケットは通りますが、{mtu} バイト(DF 付き)が通りません: {address} までの経路の MTU が通常より小さくなっています",
    "`ping -M do -s サイズ -I {interface} {peer}` で通る長さを測り、ICMP「fragmentation needed」を通すか、接続の MTU を下げてください")
}
AWK
