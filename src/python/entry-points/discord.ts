import type { Framework } from "./entry-point.ts";

const PACKAGES = ["discord", "disnake", "nextcord"];

const named = (...names: readonly string[]): readonly string[] =>
  PACKAGES.flatMap((owner) => names.map((name) => `${owner}.${name}`));

/** discord.py and what was made of it. */
export const DISCORD: Framework = {
  name: "discord",
  rules: [
    {
      by: "decorator",
      names: named(
        "ext.commands.Bot.command",
        "ext.commands.Bot.hybrid_command",
        "ext.commands.Bot.slash_command",
        "ext.commands.Bot.event",
        "ext.commands.command",
        "ext.commands.hybrid_command",
        "ext.commands.slash_command",
        "ext.commands.Cog.listener",
        "app_commands.command",
        "app_commands.CommandTree.command",
        "Client.event",
      ),
      kind: "request",
      why: "a command or listener of a bot",
    },
    { by: "decorator", names: named("ext.tasks.loop"), kind: "loop", why: "called in a loop that never ends" },
  ],
};
