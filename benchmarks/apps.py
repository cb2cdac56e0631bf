"""Scale and speed, as Django knows them: commands, no models, no addresses of the product."""

from django.apps import AppConfig


class BenchmarksConfig(AppConfig):
    name = "benchmarks"
