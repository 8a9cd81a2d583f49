"""Pages made from templates."""

from serving import stock

COMPILED = {}
TEMPLATES = 1000


def compile_template(name):
    return [stock.TEMPLATES["page-%d" % (name % 200)][:200] + " part %d of %d" % (part, name) for part in range(60)]


def answer(number):
    name = number * 7 % TEMPLATES
    if name not in COMPILED:
        COMPILED[name] = compile_template(name)
    return COMPILED[name][number % 60][-40:]
