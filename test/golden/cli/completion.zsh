#compdef deadweight dw
# zsh completion of deadweight: put it as _deadweight into a directory of $fpath
_deadweight_pids() { local -a pids; pids=($(ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}')); compadd -a pids }
_deadweight_sources() { _deadweight_pids; _files }
_deadweight() {
  if (( CURRENT == 2 )); then
    local -a commands=('doctor:say whether a process can be read, and what to do if not' 'snapshot:write the heap of a process or core file to a snapshot file' 'top:what holds the memory: by holder, type and module' 'why:what keeps an object, a type or a holder alive' 'diff:what grew between snapshots, by holder and type' 'completion:print a completion script for a shell')
    _describe command commands
    return
  fi
  local command=${words[2]}
  shift words; (( CURRENT-- ))
  case $command in
    doctor) _arguments '--json[print one JSON document (schemas in docs/schema)]' '--help[show help]' '1::PID:_deadweight_pids' ;;
    snapshot) _arguments '--output[file to write (default\: deadweight-PID-DATE-TIME.dwsnap here)]:FILE:_files' '-o[file to write (default\: deadweight-PID-DATE-TIME.dwsnap here)]:FILE:_files' '--force[overwrite the file if it exists]' '--values[also keep string values and keys; without it only structure and names are kept]' '--max-pause[never stop the process for longer; give up instead]:SECONDS:' '--executable[for a core file\: the python executable that wrote it, when it is not where it was]:FILE:_files' '--sysroot[for a core file\: folder with the files of the machine that wrote it, as under its /]:FOLDER:_files' '--json[print one JSON document (schemas in docs/schema)]' '--help[show help]' '1:PID|CORE:_deadweight_sources' ;;
    top) _arguments '--limit[rows per table]:N:' '--values[also keep string values and keys; without it only structure and names are kept]' '--max-pause[never stop the process for longer; give up instead]:SECONDS:' '--executable[for a core file\: the python executable that wrote it, when it is not where it was]:FILE:_files' '--sysroot[for a core file\: folder with the files of the machine that wrote it, as under its /]:FOLDER:_files' '--json[print one JSON document (schemas in docs/schema)]' '--help[show help]' '1:SOURCE:_deadweight_sources' ;;
    why) _arguments '--largest[the N objects that keep most alive]:N:' '--limit[objects and path patterns to show]:N:' '--paths[retaining paths per object]:N:' '--values[also keep string values and keys; without it only structure and names are kept]' '--max-pause[never stop the process for longer; give up instead]:SECONDS:' '--executable[for a core file\: the python executable that wrote it, when it is not where it was]:FILE:_files' '--sysroot[for a core file\: folder with the files of the machine that wrote it, as under its /]:FOLDER:_files' '--json[print one JSON document (schemas in docs/schema)]' '--help[show help]' '1:SOURCE:_deadweight_sources' '2::SELECTOR:' ;;
    diff) _arguments '--limit[rows per table]:N:' '--values[also keep string values and keys; without it only structure and names are kept]' '--max-pause[never stop the process for longer; give up instead]:SECONDS:' '--executable[for a core file\: the python executable that wrote it, when it is not where it was]:FILE:_files' '--sysroot[for a core file\: folder with the files of the machine that wrote it, as under its /]:FOLDER:_files' '--json[print one JSON document (schemas in docs/schema)]' '--help[show help]' '*:FILE:_deadweight_sources' ;;
    completion) _arguments '--json[print one JSON document (schemas in docs/schema)]' '--help[show help]' '1:SHELL:(bash zsh fish)' ;;
  esac
}
if [ "$funcstack[1]" = "_deadweight" ]; then _deadweight "$@"; else compdef _deadweight deadweight dw; fi
