"""A chart per request made with pyplot, which keeps each figure until it is closed (matplotlib #8519)."""

import warnings

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

warnings.simplefilter("ignore")


def chart(number):
    figure, axes = plt.subplots()
    axes.plot([1, 2, number])
    return figure


def exercise(n):
    for number in range(n):
        chart(number)


def held():
    return len(plt.get_fignums())
