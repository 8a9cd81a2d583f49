import { expect, it } from "vitest";
import { ALL_RULES } from "../../src/rules/all-rules.ts";
import { rulePages } from "./rule-page.ts";
import { scanSources } from "../support/scan-sources.ts";

const CHAIN = `from flask import Flask
app = Flask(__name__)
SEEN = {}

@app.route("/<user_id>")
def show(user_id):
    note(user_id)

def note(user_id):
    keep(user_id)

def keep(user_id):
    SEEN[user_id] = [user_id]
`;

it("a chain of calls begins with what it is reached from, and says so once", async () => {
  const { findings } = await scanSources({ "app.py": CHAIN });
  const [finding] = findings.filter(({ code }) => code === "DW201");
  expect(finding?.related.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    "13: grows here: the key comes from parameter user_id of a route (Flask)",
    "5: is reached from app.show: a route (Flask)",
    "7: by way of app.show",
    "10: by way of app.note",
    "3: nothing removes from it: 1 file was looked at",
  ]);
});

const MADE = `from celery import shared_task

class Job:
    def __init__(self, name):
        self.name = name

DONE = {}

@shared_task
def run(name):
    DONE[Job(name).id] = name
`;

it("an attribute of an object that is made at every call is named as that, not as what the object was given", async () => {
  const { findings } = await scanSources({ "app.py": MADE });
  const [finding] = findings.filter(({ code }) => code === "DW201");
  expect(finding?.related[0]?.message).toBe("grows here: the key is `id` of each `Job` that is made");
});

it("no chain of evidence counts one file as many, or names two things that it is reached from", async () => {
  expect(ALL_RULES.length).toBeGreaterThan(50);
  for (const { sources } of rulePages().flatMap((page) => page.leaks)) {
    for (const { code, related } of (await scanSources(sources)).findings) {
      const messages = related.map(({ message }) => message);
      expect(
        messages.filter((each) => /\b1 files\b/.test(each)),
        code,
      ).toEqual([]);
      expect(messages.filter((each) => each.startsWith("is reached from")).length, code).toBeLessThan(2);
    }
  }
});
