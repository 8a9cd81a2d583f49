"""Answers some requests without sending them, as the settings say."""

from client import transport

applied = 0


def with_answers(send, answers):
    def wrapped(text):
        return answers[text] if text in answers else send(text)

    return wrapped


def apply_settings(number):
    global applied
    applied += 1
    answers = {"question %d" % line: "answer %d of reading %d" % (line, number) for line in range(400)}
    transport.send = with_answers(transport.send, answers)  # leak: here


def layers():
    return applied


def answer(number):
    if number % 5 == 0 or number < 4:
        apply_settings(number)
    return transport.send("question %d" % (number % 400))
