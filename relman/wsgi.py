"""The web application as gunicorn loads it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")
application = get_wsgi_application()

gc.collect()
gc.freeze()  # what is loaded stays: the workers share its pages, and no request pays for looking through it
