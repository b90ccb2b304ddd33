# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the other parts, many through eval
# Part of kakehashi-routes: from what is heard to which tunnel carries. Changes nothing on the machine.

# judge TUNNEL: from what is heard to alive, state and rank. The higher rank of a connection's tunnels carries:
# 6 up, 5 held, 4 drained and healthy, 3 not heard of yet, 2 dead with a child SA, 1 dead.
judge() {
  eval "name=\$name_$1 a=\$verdict_${1}a b=\$verdict_${1}b answered=\$answered_$1 sa=\$sa_$1 alive=\$alive_$1 c=\$connection_$1"
  eval "needs_hold=\$needs_hold_$1 healthy_since=\$healthy_since_$1 state=\$state_$1 old_rank=\$rank_$1 reason=\$reason_$1 kind=\$kind_$c"
  old_alive=$alive old_state=$state
  case $kind:$a:$b in policy:*) judge_policy "$1" ;; *:ok:* | *:*:ok) alive=yes reason=answers ;;
    *)
      case $answered:$a:$b:$sa in
        yes:lost:*:* | yes:*:lost:*) alive=no reason="$PROBE_MISSES probes without answer" ;;
        no:*:*:up) alive=yes reason='child SA, answers no probe' ;;
        no:*:*:down) alive=no reason='no answer, no child SA' ;;
      esac
      ;;
  esac
  case $old_alive$alive in
    # Not when it was taken down for work on it.
    yesno)
      eval "died_at_$1=$now"
      [ "$kind" = policy ] || [ -e "$RUN/maintenance/$name" ] || needs_hold=yes
      ;;
    noyes) healthy_since=$now ;;
  esac
  if [ "$alive" = yes ] && [ "$needs_hold" = yes ] && [ $((now - healthy_since)) -ge "$HOLD_DOWN" ]; then needs_hold=no; fi
  case $alive:$needs_hold in
    yes:no) state=up rank=6 ;;
    yes:yes) state=held rank=5 reason="$reason, held down for $HOLD_DOWN s" ;;
    unknown:*) state=starting rank=3 ;;
    no:*) state=down rank=1; [ "$sa" != up ] || rank=2 ;;
  esac
  if [ "$kind:$alive:$reason" = 'policy:no:idle' ]; then state=standby; fi
  if [ -e "$RUN/maintenance/$name" ]; then
    reason="maintenance, $reason"
    # Healthy, it is called drained only once its traffic has gone: see `act`.
    case $alive:$old_state in
      yes:drained | no:* | unknown:*) state=drained ;;
      *) state=$old_state ;;
    esac
    [ "$alive" != yes ] || rank=4
  fi
  eval "alive_$1=$alive needs_hold_$1=$needs_hold healthy_since_$1=$healthy_since state_$1=$state rank_$1=$rank reason_$1=\$reason"
  [ "$rank" = "$old_rank" ] || eval "due_$c=yes"
  [ "$state" != "$old_state" ] || return 0
  eval "since_$1=\$(date +%s)"
  is_report_due=yes
  tell "$name: $old_state -> $state ($reason)"
}

# The one probe of a policy-based connection goes through whichever tunnel is up.
judge_policy() {
  eval "active=\$chosen_$c first=\$first_$c"
  eval "verdict=\$verdict_${first}b has_answered=\$answered_$first"
  case $sa:$has_answered$verdict in
    up:yeslost) alive=no reason="$PROBE_MISSES probes without answer" ;;
    up:*) alive=yes reason='child SA' ;;
    down:*) alive=no reason='no child SA'; [ -z "$active" ] || [ "$active" = "$1" ] || reason=idle ;;
  esac
}

# leave_the_cut: both have died in the same seconds. Where only a host answers, by the tunnel that its cloud likes (Azure's static routes), one
# cut path takes both answers away: the one by which packets came in until then, while the other's had stopped before, or come in still.
# Had the host died instead, either would do.
leave_the_cut() {
  eval "silence=\$((now - came_in_at_$last)) last_died=\$died_at_$last answers_itself=\$was_heard_${last}a"
  if [ "$answers_itself" = yes ] || [ "$silence" -lt 2 ] || [ "$silence" -gt 20 ]; then return 0; fi
  for i in $members; do
    eval "rank=\$rank_$i its_silence=\$((now - came_in_at_$i)) its_death=\$((now - died_at_$i)) apart=\$((died_at_$i - last_died))"
    if [ "$i" = "$last" ] || [ "$rank" -ne "$best" ] || [ "${apart#-}" -gt 3 ]; then continue; fi
    if [ "$silence" -lt "$its_silence" ] || { [ "$its_silence" -le 1 ] && [ "$its_death" -ge 2 ]; }; then chosen=$i; fi
  done
}

# choose CONNECTION: what carries (one tunnel, or all that are up), and which tunnel FRR has to take for dead.
choose() {
  eval "members=\$tunnels_$1 last=\$chosen_$1 balance=\$balance_$1 last_dead=\$last_dead_$1"
  best=0 chosen='' up='' dead=''
  for i in $members; do
    eval "rank=\$rank_$i"
    [ "$rank" -lt 6 ] || up="${up:+$up }$i"
    if [ "$rank" -gt "$best" ]; then best=$rank chosen=$i; fi
  done
  if [ -n "$last" ]; then
    eval "rank=\$rank_$last"
    # A move costs packets: none among equals that are not fit, none off a tunnel that was only just asked, or that carries well
    # though its hold-down runs, as when both had died.
    if [ "$rank" -eq 3 ] || [ "$rank" -eq 5 ] || { [ "$rank" -eq "$best" ] && [ "$best" -lt 6 ]; }; then chosen=$last; fi
    if [ "$chosen" = "$last" ] && [ "$best" -le 2 ]; then leave_the_cut; fi
  fi
  carrying=$chosen
  [ "$balance" != active-active ] || carrying=${up:-$chosen}
  for i in $members; do
    eval "rank=\$rank_$i"
    # Never both: the sessions of two dead tunnels come back by themselves.
    if [ "$best" -ge 4 ] && [ "$rank" -lt "$best" ] && [ "$rank" -ne 3 ]; then
      # A held one stays off, but is not taken off.
      if [ "$rank" -ne 5 ] || [ "$last_dead" = "$i" ]; then dead=$i; fi
    fi
  done
  eval "last_dead_$1=$dead"
}
