"""Which articles are bought together."""


class Article:
    def __init__(self, name):
        self.name = name
        self.neighbours = []


def recommend(name):
    """Builds a few articles that know each other. Every call leaves a reference cycle for the collector to find."""
    centre = Article(name)
    for number in range(2):
        other = Article("%s-%d" % (name, number))
        other.neighbours.append(centre)
        centre.neighbours.append(other)
    return [article.name for article in centre.neighbours]
