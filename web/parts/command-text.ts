// A command line as a person knows it: without the folders of the interpreter.

const LONGEST = 160;

export function commandText([program = "", ...words]: readonly string[]): string {
  const text = [program.slice(program.lastIndexOf("/") + 1), ...words].join(" ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
