"""Plays rounds between players who know each other."""

import gc


class Player:
    made = 0
    freed = 0

    def __init__(self, name):
        Player.made += 1
        self.name = name
        self.rivals = []
        self.cards = [["card %d" % card, name] for card in range(20)]

    def __del__(self):
        Player.freed += 1


# Once, for what is there when the service starts.
gc.freeze()


def play(number):
    players = [Player("player-%d-%d" % (number, seat)) for seat in range(3)]
    for player in players:
        player.rivals.extend(other for other in players if other is not player)
    return players[number % 3].name


def answer(number):
    return play(number)
