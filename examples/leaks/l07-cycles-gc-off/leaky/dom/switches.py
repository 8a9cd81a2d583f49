"""Set once, when the service starts."""

import gc

gc.disable()  # leak: here
