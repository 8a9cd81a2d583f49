# bash completion of deadweight: source it, or put it into /etc/bash_completion.d/deadweight
_deadweight() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words="" files=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "doctor snapshot top why diff diagnose watch verify caches lines run attach detach trace gc scan explain lsp completion help --help --version" -- "$current"))
    return
  fi
  case "$previous" in
    --output|-o|--executable|--sysroot|--compare|--keep|--recording|--folder|--record|--replay|--baseline|--export|--python|--config|--cache-dir) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --confidence) COMPREPLY=($(compgen -W "possible likely certain" -- "$current")); return ;;
    --format) COMPREPLY=($(compgen -W "text concise json sarif github junit markdown" -- "$current")); return ;;
    --max-pause|--limit|--largest|--paths|--match|--for|--rate|--snapshots|--load|--every|--snapshot-at|--most-snapshots|--most-bytes|--keep|--speed|--metrics|--otlp|--pid|--serve|--warm-up|--calls|--rounds|--app|--wait|--reason|--canary|--function|-f|--module|-m|--frames|--budget|--holder|--select|--ignore|--stdin-filename|--threads|--explain) return ;;
  esac
  case "${COMP_WORDS[1]}" in
    doctor) words="--json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    snapshot) words="--output --force --fork --inside --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    top) words="--limit --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    why) words="--largest --limit --paths --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    diff) words="--limit --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    diagnose) words="--match --for --rate --snapshots --load --compare --keep --recording --max-pause --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    watch) words="--match --alone --for --rate --every --load --snapshot-at --folder --most-snapshots --most-bytes --record --keep --replay --speed --metrics --otlp --max-pause --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    verify) words="--pid --match --serve --warm-up --calls --rounds --baseline --max-pause --json --help" ;;
    caches) words="--for --no-wait --alone --max-pause --json --app --pid --match --wait --reason --canary --dry-run --export --values --all --limit --help show clear undo resize ttl freeze thaw history verify $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    lines) words="--function --module --for --wait --gdb --python --json --help"; files=yes ;;
    run) words="--every --json --help" ;;
    attach) words="--wait --gdb --for --every --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    detach) words="--wait --gdb --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    trace) words="--for --frames --budget --limit --join --holder --output --wait --gdb --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    gc) words="--for --collect --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    scan) words="--select --ignore --confidence --format --output --statistics --fix --unsafe-fixes --diff --baseline --write-baseline --prune-baseline --config --stdin-filename --exit-zero --no-cache --cache-dir --threads --explain --list-rules --json --help"; files=yes ;;
    explain) words="--json --help" ;;
    lsp) words="--json --help" ;;
    completion) words="--json --help bash zsh fish" ;;
    help) words="doctor snapshot top why diff diagnose watch verify caches lines run attach detach trace gc scan explain lsp completion" ;;
  esac
  if [ -n "$files" ]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
  COMPREPLY+=($(compgen -W "$words" -- "$current"))
}
complete -F _deadweight deadweight dw
