"""The product's settings, with the reference pages beside its own and every query counted."""

from relman.settings import *  # noqa: F403  a bench is the product with one thing more
from relman.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.middleware.QueryCountMiddleware", *PRODUCT_MIDDLEWARE]
