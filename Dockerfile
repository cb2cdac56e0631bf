# syntax=docker/dockerfile:1
# One image for web, worker and beat; docker-compose.yml gives each its command.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/relman
COPY requirements.lock /tmp/requirements.lock
RUN /opt/relman/bin/pip install --no-deps --only-binary=:all: --require-hashes --requirement /tmp/requirements.lock
WORKDIR /srv/relman
COPY . .
RUN /opt/relman/bin/python -c "from relman.catalogues import compile_stale; compile_stale()"
# Static files are collected into the image; the secret key that this makes stays in this stage.
RUN RELMAN_HOME=/tmp/home DATABASE_URL=postgresql://none/none REDIS_URL=redis://none/0 \
    /opt/relman/bin/python manage.py collectstatic --no-input --verbosity 0

FROM python:3.11-slim
RUN groupadd --system --gid 10001 relman \
 && useradd --system --uid 10001 --gid relman --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin relman \
 && install --directory --owner relman --group relman --mode 0750 /var/lib/relman /var/lib/relman/files
COPY --from=build /opt/relman /opt/relman
COPY --from=build /srv/relman /srv/relman
COPY --from=build /tmp/home/static /var/lib/relman/static
ENV PATH=/opt/relman/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RELMAN_ENV=production \
    RELMAN_HOME=/var/lib/relman
WORKDIR /srv/relman
USER relman
EXPOSE 8000
VOLUME /var/lib/relman/files
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-m", "relman.probe", "web"]
CMD ["gunicorn", "relman.wsgi", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-", "--no-control-socket"]
