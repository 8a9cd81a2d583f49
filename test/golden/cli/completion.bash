# bash completion of deadweight: source it, or put it into /etc/bash_completion.d/deadweight
_deadweight() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words="" files=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "doctor snapshot top why query diff export diagnose watch verify serve caches lines run attach detach trace gc scan explain lsp mcp completion help --help --version" -- "$current"))
    return
  fi
  case "${COMP_WORDS[1]} $previous" in
    "snapshot --output"|"snapshot -o"|"snapshot --executable"|"snapshot --sysroot"|"top --executable"|"top --sysroot"|"why --executable"|"why --sysroot"|"query --executable"|"query --sysroot"|"diff --executable"|"diff --sysroot"|"export --output"|"export -o"|"export --executable"|"export --sysroot"|"diagnose --compare"|"diagnose --keep"|"diagnose --recording"|"diagnose --html"|"watch --folder"|"watch --record"|"watch --replay"|"verify --baseline"|"serve --folder"|"serve --sources"|"serve --tls-cert"|"serve --tls-key"|"caches --export"|"lines --python"|"trace --output"|"trace -o"|"scan --output"|"scan -o"|"scan --baseline"|"scan --config"|"scan --cache-dir") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "export --format"|"export -f") COMPREPLY=($(compgen -W "heapsnapshot pprof speedscope collapsed dot csv html" -- "$current")); return ;;
    "export --table") COMPREPLY=($(compgen -W "holders types modules" -- "$current")); return ;;
    "diagnose --format") COMPREPLY=($(compgen -W "text json html sarif junit markdown" -- "$current")); return ;;
    "scan --confidence") COMPREPLY=($(compgen -W "possible likely certain" -- "$current")); return ;;
    "scan --format") COMPREPLY=($(compgen -W "text concise json sarif github junit markdown" -- "$current")); return ;;
    "snapshot --max-pause"|"top --limit"|"top --max-pause"|"why --largest"|"why --limit"|"why --paths"|"why --max-pause"|"query --max-pause"|"diff --limit"|"diff --max-pause"|"export --around"|"export --limit"|"export --max-pause"|"diagnose --match"|"diagnose --for"|"diagnose --rate"|"diagnose --snapshots"|"diagnose --load"|"diagnose --max-pause"|"watch --match"|"watch --for"|"watch --rate"|"watch --every"|"watch --load"|"watch --snapshot-at"|"watch --most-snapshots"|"watch --most-bytes"|"watch --keep"|"watch --speed"|"watch --metrics"|"watch --otlp"|"watch --max-pause"|"verify --pid"|"verify --match"|"verify --serve"|"verify --warm-up"|"verify --calls"|"verify --rounds"|"verify --max-pause"|"serve --port"|"serve --listen"|"serve --name"|"serve --max-pause"|"caches --for"|"caches --max-pause"|"caches --match"|"caches --load-time"|"caches --limit"|"caches --app"|"caches --redis"|"caches --pid"|"caches --wait"|"caches --reason"|"caches --canary"|"caches --guard"|"caches --watch"|"lines --function"|"lines -f"|"lines --module"|"lines -m"|"lines --for"|"lines --wait"|"run --every"|"attach --wait"|"attach --for"|"attach --every"|"detach --wait"|"trace --for"|"trace --frames"|"trace --budget"|"trace --limit"|"trace --holder"|"trace --wait"|"gc --for"|"scan --select"|"scan --ignore"|"scan --stdin-filename"|"scan --threads"|"scan --explain"|"mcp --max-pause") return ;;
  esac
  case "${COMP_WORDS[1]}" in
    doctor) words="--json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    snapshot) words="--output --force --fork --inside --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    top) words="--limit --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    why) words="--largest --limit --paths --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    query) words="--values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    diff) words="--limit --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    export) words="--format --output --force --around --table --limit --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    diagnose) words="--match --for --rate --snapshots --load --compare --keep --recording --format --html --max-pause --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    watch) words="--match --alone --for --rate --every --load --snapshot-at --folder --most-snapshots --most-bytes --record --keep --replay --speed --metrics --otlp --max-pause --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    verify) words="--pid --match --serve --warm-up --calls --rounds --baseline --max-pause --json --help" ;;
    serve) words="--port --no-open --values --folder --sources --listen --name --tls-cert --tls-key --insecure --max-pause --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    caches) words="--for --no-wait --alone --max-pause --json --match --load-time --limit --app --redis --pid --wait --reason --canary --guard --watch --dry-run --export --values --all --help show advise clear undo resize ttl freeze thaw history verify $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    lines) words="--function --module --for --wait --gdb --python --json --help"; files=yes ;;
    run) words="--every --json --help" ;;
    attach) words="--wait --gdb --for --every --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    detach) words="--wait --gdb --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    trace) words="--for --frames --budget --limit --join --holder --output --wait --gdb --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    gc) words="--for --collect --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    scan) words="--select --ignore --confidence --format --output --statistics --fix --unsafe-fixes --diff --baseline --write-baseline --prune-baseline --config --stdin-filename --exit-zero --no-cache --cache-dir --threads --explain --list-rules --json --help"; files=yes ;;
    explain) words="--json --help" ;;
    lsp) words="--json --help" ;;
    mcp) words="--values --max-pause --json --help" ;;
    completion) words="--json --help bash zsh fish" ;;
    help) words="doctor snapshot top why query diff export diagnose watch verify serve caches lines run attach detach trace gc scan explain lsp mcp completion" ;;
  esac
  if [ -n "$files" ]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
  COMPREPLY+=($(compgen -W "$words" -- "$current"))
}
complete -F _deadweight deadweight dw
