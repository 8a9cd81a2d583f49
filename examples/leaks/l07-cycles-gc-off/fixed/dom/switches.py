"""Set once, when the service starts."""

import gc

gc.enable()
gc.set_threshold(700, 10, 5)
