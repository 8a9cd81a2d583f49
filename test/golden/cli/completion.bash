# bash completion of deadweight: source it, or put it into /etc/bash_completion.d/deadweight
_deadweight() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words="" files=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "doctor snapshot top why diff completion help --help --version" -- "$current"))
    return
  fi
  case "$previous" in
    --output|-o|--executable|--sysroot) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --max-pause|--limit|--largest|--paths) return ;;
  esac
  case "${COMP_WORDS[1]}" in
    doctor) words="--json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')" ;;
    snapshot) words="--output --force --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    top) words="--limit --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    why) words="--largest --limit --paths --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    diff) words="--limit --values --max-pause --executable --sysroot --json --help $(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')"; files=yes ;;
    completion) words="--json --help bash zsh fish" ;;
    help) words="doctor snapshot top why diff completion" ;;
  esac
  if [ -n "$files" ]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
  COMPREPLY+=($(compgen -W "$words" -- "$current"))
}
complete -F _deadweight deadweight dw
