"""Ordinary data that a service loads when it starts and then only reads."""

ARTICLES = []
TEMPLATES = {}


def load(articles=15000, templates=200):
    """About 0.8 kB per article and 40 kB per template."""
    for number in range(articles):
        ARTICLES.append(
            {
                "sku": "sku-%06d" % number,
                "title": "Article number %d of the catalogue" % number,
                "price": number * 17 % 9973,
                "tags": ["tag-%d" % (number % 40), "colour-%d" % (number % 7)],
            }
        )
    for number in range(templates):
        TEMPLATES["page-%d" % number] = ("<li>{title} costs {price}</li>%d\n" % number) * 1300


def article(number):
    return ARTICLES[number % len(ARTICLES)]
