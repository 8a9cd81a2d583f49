"""The shop as Celery tasks; `python tasks.py` puts them into the queue until it is ended. The broker is a folder."""

import os
import time

from celery import Celery

import shop

FOLDER = os.environ["SHOP_QUEUE"]
app = Celery("tasks", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": FOLDER,
    "data_folder_out": FOLDER,
    "control_folder": os.path.join(FOLDER, "control"),
}


@app.task(ignore_result=True)
def visit(number):
    shop.visit(number)


if __name__ == "__main__":
    number = 0
    while True:
        # Called by its name in the worker, not by that of this program.
        app.send_task("tasks.visit", args=[number])
        number += 1
        time.sleep(0.02)
