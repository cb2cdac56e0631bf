"""The project: settings, addresses, Celery and the launcher. It wires and holds no rule."""
