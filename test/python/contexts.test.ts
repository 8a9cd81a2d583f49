import { describe, expect, it } from "vitest";
import { project, type Sources } from "../support/python-project.ts";

function contextOf(sources: Sources, name: string): string {
  const shop = project(sources);
  const { kind, why } = shop.contextOf(shop.functionOf(name)!);
  return why === "" ? kind : `${kind}: ${why}`;
}

describe("when a function runs", () => {
  const frameworks: readonly (readonly [string, Sources, string, string])[] = [
    [
      "a Flask route of an app of another file",
      {
        "app/web.py": "from flask import Flask\napp = Flask(__name__)\n",
        "app/views.py": "from .web import app\n@app.route('/x')\ndef show(): pass\n",
      },
      "app.views.show",
      "request: a route (Flask)",
    ],
    [
      "a FastAPI path operation",
      { "main.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\nasync def show(): pass\n" },
      "main.show",
      "request: a path operation (FastAPI)",
    ],
    [
      "a Django view in a URL table",
      {
        "shop/views.py": "def show(request): pass\n",
        "shop/urls.py": "from django.urls import path\nfrom . import views\nurlpatterns = [path('x/', views.show)]\n",
      },
      "shop.views.show",
      "request: a view in the URL table (Django)",
    ],
    [
      "a Django class view through a base of the project",
      {
        "shop/base.py": "from django.views import View\nclass Base(View): pass\n",
        "shop/views.py": "from .base import Base\nclass Show(Base):\n    def get(self, request): pass\n",
      },
      "shop.views.Show.get",
      "request: a method of a view class (Django)",
    ],
    [
      "a receiver of a signal",
      { "a.py": "from django.dispatch import receiver\n@receiver(saved)\ndef note(sender, **kw): pass\n" },
      "a.note",
      "event: a receiver of a signal (Django)",
    ],
    [
      "a Celery task",
      { "a.py": "from celery import shared_task\n@shared_task(bind=True)\ndef work(self): pass\n" },
      "a.work",
      "task: a task (Celery)",
    ],
    [
      "an aiohttp handler",
      {
        "a.py":
          "from aiohttp import web\nasync def show(request): pass\napp = web.Application()\napp.router.add_get('/', show)\n",
      },
      "a.show",
      "request: a route (aiohttp)",
    ],
    [
      "a Tornado handler",
      { "a.py": "import tornado.web\nclass H(tornado.web.RequestHandler):\n    def get(self): pass\n" },
      "a.H.get",
      "request: a method of a request handler (Tornado)",
    ],
    [
      "a Click command",
      { "a.py": "import click\n@click.command()\ndef main(): pass\n" },
      "a.main",
      "command: a command (Click)",
    ],
    [
      "a fixture",
      { "tests/conftest.py": "import pytest\n@pytest.fixture\ndef db(): pass\n" },
      "tests.conftest.db",
      "test: a fixture (pytest)",
    ],
    [
      "an asyncio task",
      { "a.py": "import asyncio\nasync def work(): pass\nasync def main():\n    asyncio.create_task(work())\n" },
      "a.work",
      "task: a task of the event loop (asyncio)",
    ],
    [
      "the target of a thread",
      {
        "a.py":
          "import threading\nclass A:\n    def run_it(self): pass\n    def go(self):\n        threading.Thread(target=self.run_it).start()\n",
      },
      "a.A.run_it",
      "thread: the body of a thread (Python)",
    ],
    [
      "a job of a pool",
      {
        "a.py":
          "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor()\ndef job(): pass\ndef go():\n    pool.submit(job)\n",
      },
      "a.job",
      "thread: the body of a pool's job (Python)",
    ],
    [
      "an exit handler",
      { "a.py": "import atexit\ndef bye(): pass\natexit.register(bye)\n" },
      "a.bye",
      "event: a function called at exit (Python)",
    ],
  ];

  it.each(frameworks)("%s", (_what, sources, name, expected) => {
    expect(contextOf(sources, name)).toBe(expected);
  });

  it("follows calls over files and shows the chain", () => {
    const shop = project({
      "app/web.py":
        "from flask import Flask\nfrom .store import remember\napp = Flask(__name__)\n@app.route('/')\ndef show(user):\n    remember(user)\n",
      "app/store.py": "def remember(user):\n    keep(user)\ndef keep(user): pass\n",
    });
    const { kind, chain, isSure } = shop.contextOf(shop.functionOf("app.store.keep")!);
    expect([kind, isSure]).toEqual(["request", true]);
    expect(chain.map(({ name, at }) => `${name} ${at.file}:${at.line}`)).toEqual([
      "app.web.show app/web.py:4",
      "app.web.show app/web.py:6",
      "app.store.remember app/store.py:2",
    ]);
  });

  it("sees that a function runs only while modules are imported", () => {
    const shop = project({
      "a.py": "def register(f):\n    return f\ndef used(): pass\n",
      "b.py": "from a import register, used\n@register\ndef f(): pass\nused()\ndef later():\n    used()\n",
    });
    expect(shop.isImportTimeOnly(shop.functionOf("a.register"))).toBe(true);
    expect(shop.isImportTimeOnly(shop.functionOf("a.used"))).toBe(false);
    expect(shop.contextOf(shop.functionOf("a.register")!).kind).toBe("import");
    expect(shop.contextOf(shop.functionOf("b.later")!).kind).toBe("unknown");
  });

  it("lets __init_subclass__ and metaclasses run where classes are made", () => {
    const shop = project({
      "a.py": "class Base:\n    def __init_subclass__(cls): pass\nclass Meta(type):\n    def __new__(mcs, *a): pass\n",
      "b.py": "from a import Base, Meta\nclass B(Base): pass\nclass C(metaclass=Meta): pass\n",
    });
    expect(shop.isImportTimeOnly(shop.functionOf("a.Base.__init_subclass__"))).toBe(true);
    expect(shop.isImportTimeOnly(shop.functionOf("a.Meta.__new__"))).toBe(true);
  });

  it("runs the wrapper of a decorator where the decorated function runs", () => {
    const shop = project({
      "a.py": "def deco(f):\n    def wrapper(*a):\n        return f(*a)\n    return wrapper\n",
      "b.py":
        "from flask import Flask\nfrom a import deco\napp = Flask('x')\n@app.route('/')\n@deco\ndef show(): pass\n",
    });
    expect(shop.contextOf(shop.functionOf("a.deco.<locals>.wrapper")!).kind).toBe("request");
  });

  it("runs the decorator that a call makes where it decorates, and only its wrapper at calls", () => {
    const shop = project({
      "a.py":
        "def retry(n):\n    def again(f):\n        def wrapper(*a):\n            return f(*a)\n        return wrapper\n    return again\n",
      "b.py":
        "from flask import Flask\nfrom a import retry\napp = Flask('x')\n@app.route('/')\n@retry(3)\ndef show(): pass\n",
    });
    expect(shop.contextOf(shop.functionOf("a.retry.<locals>.again.<locals>.wrapper")!).kind).toBe("request");
    expect(shop.contextOf(shop.functionOf("a.retry.<locals>.again")!).kind).not.toBe("request");
  });

  it("takes functions that only `del` names in the end for import time", () => {
    const shop = project({ "a.py": "def put(x): pass\ndef take(x): pass\nput(1)\ntake(1)\ndel put, take\n" });
    expect(shop.isImportTimeOnly(shop.functionOf("a.put"))).toBe(true);
  });

  it("tells loops that wait for work from loops that end", () => {
    const shop = project({
      "a.py": [
        "def consume(q):",
        "    while True:",
        "        handle(q.get())",
        "def parse(text):",
        "    while True:",
        "        if step(text): break",
        "def handle(x): pass",
        "def step(x): pass",
      ].join("\n"),
    });
    expect(shop.functionOf("a.consume")?.fact.isEndless).toBe(true);
    expect(shop.functionOf("a.parse")?.fact.isEndless).toBeUndefined();
    expect(shop.contextOf(shop.functionOf("a.handle")!).kind).toBe("loop");
    expect(shop.contextOf(shop.functionOf("a.step")!).kind).toBe("unknown");
  });

  it("finds what a script runs, and what only tests call", () => {
    const shop = project({
      "a.py": "def main(): pass\ndef helper(): pass\nif __name__ == '__main__':\n    main()\n",
      "tests/test_a.py": "from a import helper\ndef test_helper():\n    helper()\n",
    });
    expect(shop.contextOf(shop.functionOf("a.main")!).kind).toBe("main");
    expect(shop.contextsOf(shop.functionOf("a.helper")!).map(({ kind }) => kind)).toEqual(["test"]);
    expect(shop.isImportTimeOnly(shop.functionOf("a.helper"))).toBe(false);
  });
});
