// Shell completion from the command table.

import type { Command, OptionSpec, Taken } from "./command.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const PROGRAMS = ["deadweight", "dw"] as const;
const PYTHON_PIDS = "ps -eo pid=,comm= | awk '$2 ~ /python/ {print $1}'";

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  const lines = { bash: bashLines, zsh: zshLines, fish: fishLines }[shell](byFirstWord(commands));
  return `${lines.join("\n")}\n`;
}

/** `caches` and `caches show` as one command that takes the second word, too: shells complete word by word. */
function byFirstWord(commands: readonly Command[]): readonly Command[] {
  return commands
    .filter(({ name }) => !name.includes(" "))
    .map((command) => {
      const longer = commands.filter(({ name }) => name.startsWith(`${command.name} `));
      if (longer.length === 0) return command;
      const choices = longer.map(({ name }) => name.slice(command.name.length + 1));
      const word = { placeholder: "WORD", takes: { choices }, count: "optional", summary: "what to do" } as const;
      const options = Object.assign({}, ...longer.map((each) => each.options), command.options) as Command["options"];
      return { ...command, options, arguments: { ...command.arguments, word } };
    });
}

function bashLines(commands: readonly Command[]): string[] {
  const valued = (wanted: (spec: OptionSpec) => boolean): string =>
    commands.flatMap((command) => bashOptions(command, wanted)).join("|");
  return [
    "# bash completion of deadweight: source it, or put it into /etc/bash_completion.d/deadweight",
    "_deadweight() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words="" files=""',
    "  COMPREPLY=()",
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map((each) => each.name).join(" ")} help --help --version" -- "$current"))`,
    "    return",
    "  fi",
    // Options of one name may differ from command to command.
    '  case "${COMP_WORDS[1]} $previous" in',
    `    ${valued((spec) => spec.kind === "file")}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;`,
    ...choiceOptions(commands).map(
      ([spelled, choices]) =>
        `    ${spelled}) COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$current")); return ;;`,
    ),
    `    ${valued((spec) => !["flag", "file", "choice"].includes(spec.kind))}) return ;;`,
    "  esac",
    '  case "${COMP_WORDS[1]}" in',
    ...commands.map((command) => `    ${command.name}) ${bashOffer(command)} ;;`),
    `    help) words="${commands.map((each) => each.name).join(" ")}" ;;`,
    "  esac",
    '  if [ -n "$files" ]; then',
    "    compopt -o filenames",
    '    mapfile -t COMPREPLY < <(compgen -f -- "$current")',
    "  fi",
    '  COMPREPLY+=($(compgen -W "$words" -- "$current"))',
    "}",
    `complete -F _deadweight ${PROGRAMS.join(" ")}`,
  ];
}

/** `"snapshot --output"`, `"snapshot -o"`: what stands before a value. */
function bashOptions(command: Command, wanted: (spec: OptionSpec) => boolean): string[] {
  return Object.entries(command.options)
    .filter(([, spec]) => wanted(spec))
    .flatMap(spellings)
    .map((spelling) => `"${command.name} ${spelling}"`);
}

/** Options with fixed values, by their values. */
function choiceOptions(commands: readonly Command[]): (readonly [string, readonly string[]])[] {
  return commands.flatMap((command) =>
    Object.values(command.options).flatMap((spec) =>
      spec.kind === "choice" ? [[bashOptions(command, (each) => each === spec).join("|"), spec.choices] as const] : [],
    ),
  );
}

function bashOffer(command: Command): string {
  const options = [...Object.keys(command.options), "help"].map((name) => `--${name}`).join(" ");
  const takes = Object.values(command.arguments).map((spec) => spec.takes);
  const pids = takes.some((each) => each === "pid" || each === "source") ? ` $(${PYTHON_PIDS})` : "";
  const choices = takes
    .flatMap((each) => (typeof each === "string" ? [] : each.choices))
    .map((each) => ` ${each}`)
    .join("");
  const files = takes.some((each) => each === "source" || each === "path") ? "; files=yes" : "";
  return `words="${options}${choices}${pids}"${files}`;
}

/** "--output", "-o". */
function spellings([name, spec]: readonly [string, OptionSpec]): string[] {
  return spec.short === undefined ? [`--${name}`] : [`--${name}`, `-${spec.short}`];
}

function zshLines(commands: readonly Command[]): string[] {
  return [
    `#compdef ${PROGRAMS.join(" ")}`,
    "# zsh completion of deadweight: put it as _deadweight into a directory of $fpath",
    `_deadweight_pids() { local -a pids; pids=($(${PYTHON_PIDS})); compadd -a pids }`,
    "_deadweight_sources() { _deadweight_pids; _files }",
    "_deadweight() {",
    "  if (( CURRENT == 2 )); then",
    `    local -a commands=(${commands.map((each) => quoted(`${each.name}:${each.summary}`)).join(" ")})`,
    "    _describe command commands",
    "    return",
    "  fi",
    "  local command=${words[2]}",
    "  shift words; (( CURRENT-- ))",
    "  case $command in",
    ...commands.map(
      (command) => `    ${command.name}) _arguments ${[...zshOptions(command), ...zshArguments(command)].join(" ")} ;;`,
    ),
    "  esac",
    "}",
    'if [ "$funcstack[1]" = "_deadweight" ]; then _deadweight "$@"; else compdef _deadweight deadweight dw; fi',
  ];
}

function zshOptions(command: Command): string[] {
  const help: readonly [string, OptionSpec] = ["help", { kind: "flag", summary: "show help" }];
  return [...Object.entries(command.options), help].flatMap(([name, spec]) =>
    spellings([name, spec]).map((spelling) => {
      const value = spec.kind === "flag" ? "" : `:${spec.placeholder}:${zshValue(spec)}`;
      return quoted(`${spelling}[${spec.summary.replaceAll(/[[\]:]/g, "\\$&")}]${value}`);
    }),
  );
}

function zshValue(spec: OptionSpec): string {
  if (spec.kind === "choice") return `(${spec.choices.join(" ")})`;
  return spec.kind === "file" ? "_files" : "";
}

function zshArguments(command: Command): string[] {
  return Object.values(command.arguments).map((spec, at) => {
    const place = spec.count === "many" ? "*" : (at + 1).toString();
    const optional = spec.count === "optional" ? "::" : ":";
    return quoted(`${place}${optional}${spec.placeholder}:${zshAction(spec.takes)}`);
  });
}

function zshAction(takes: Taken): string {
  if (typeof takes !== "string") return `(${takes.choices.join(" ")})`;
  if (takes === "pid") return "_deadweight_pids";
  if (takes === "path") return "_files";
  return takes === "source" ? "_deadweight_sources" : "";
}

function fishLines(commands: readonly Command[]): string[] {
  return [
    "# fish completion of deadweight: put it into ~/.config/fish/completions/deadweight.fish",
    `function __deadweight_pids; ${PYTHON_PIDS}; end`,
    ...PROGRAMS.flatMap((program) => [
      `complete -c ${program} -f`,
      ...commands.map(
        (each) => `complete -c ${program} -n __fish_use_subcommand -a ${each.name} -d ${quoted(each.summary)}`,
      ),
      ...commands.flatMap((each) => fishCommand(program, each)),
    ]),
  ];
}

function fishCommand(program: string, command: Command): string[] {
  const start = `complete -c ${program} -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
  const options = Object.entries(command.options).map(([name, spec]) => {
    const short = spec.short === undefined ? "" : ` -s ${spec.short}`;
    const value = fishValue(spec);
    return `${start} -l ${name}${short}${value} -d ${quoted(spec.summary)}`;
  });
  return [...options, ...Object.values(command.arguments).flatMap((spec) => fishArgument(start, spec.takes))];
}

function fishValue(spec: OptionSpec): string {
  if (spec.kind === "choice") return ` -x -a ${quoted(spec.choices.join(" "))}`;
  if (spec.kind === "flag") return "";
  return spec.kind === "file" ? " -r -F" : " -x";
}

function fishArgument(start: string, takes: Taken): string[] {
  if (typeof takes !== "string") return [`${start} -a ${quoted(takes.choices.join(" "))}`];
  const pids = `${start} -a '(__deadweight_pids)'`;
  if (takes === "pid") return [pids];
  if (takes === "path") return [`${start} -F`];
  return takes === "source" ? [pids, `${start} -F`] : [];
}

/** In single quotes, as all three shells read them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
