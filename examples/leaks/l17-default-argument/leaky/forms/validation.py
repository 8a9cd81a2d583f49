"""Checks what was typed in."""


def check(fields, errors=[]):
    for name, value in fields.items():
        if not value.isdigit():
            errors.append("%s: %s is no number" % (name, value))  # leak: here
    return errors


def answer(number):
    fields = {"field-%d" % field: "value %d of form %d" % (field, number) for field in range(40)}
    return check(fields)[-1]
