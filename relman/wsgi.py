"""The web application as gunicorn loads it."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")
application = get_wsgi_application()

resolve("/")  # loads the code of every page: once, and not in each worker when it is first asked
gc.collect()
gc.freeze()  # what is loaded stays: the workers share its pages, and no request pays for looking through it
