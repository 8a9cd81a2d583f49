import type { Framework } from "./entry-point.ts";

/** Click and Typer: commands of short-lived processes. */
export const CLICK: Framework = {
  name: "Click",
  rules: [
    {
      by: "decorator",
      names: [
        "click.command",
        "click.group",
        "click.Group.command",
        "click.Group.group",
        "typer.Typer.command",
        "typer.Typer.callback",
        ".command",
      ],
      kind: "command",
      why: "a command",
    },
  ],
};
