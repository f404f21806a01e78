"""The one Celery application. The broker is a doorbell: a message carries an attempt id and may be lost."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery
from django.conf import settings

from config.env import Environment


def broker_url(environment: Environment) -> str:
    """CLARY_BROKER_URL, or the embedded Valkey's private socket."""
    return environment.broker_url or f"redis+socket://{environment.socket_folder / 'broker.sock'}"


app = Celery("clary", broker=broker_url(settings.ENVIRONMENT), set_as_current=True)
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    result_backend=None,
    task_acks_late=False,
    task_default_queue=settings.ENVIRONMENT.pool,
    task_create_missing_queues=True,
    task_store_errors_even_if_ignored=False,
    worker_prefetch_multiplier=1,
    worker_pool="threads",
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    broker_transport_options={
        "visibility_timeout": 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "retry_on_timeout": True,
    },
    enable_utc=True,
    timezone="UTC",
)
app.autodiscover_tasks(["runs"])


def broker_reachable() -> bool:
    """Whether the broker answers within two seconds."""
    from kombu.exceptions import OperationalError

    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2, reraise_as_library_errors=True)
            connection.default_channel.client.ping() if connection.transport.driver_type == "redis" else None
    except (OperationalError, OSError, *app.connection_for_write().connection_errors):
        return False
    return True
