"""``titian worker``: runs jobs, sends mails and push messages, on as many machines as one likes."""

import logging
import signal
import threading

import click

from engine import require_sealed, work_on_jobs
from webapp.cli.common import opened
from webapp.config import read_settings
from webapp.db import answers
from webapp.delivery import delivering, words_app


@click.command()
@click.option(
    "--concurrency", type=click.IntRange(1, 10), default=4, show_default=True, help="Jobs at a time."
)
def worker(concurrency: int) -> None:
    """Run jobs and send notifications until interrupted.

    Jobs are timers and what else is due; notifications go out by e-mail and push.

    Start as many as you like on PostgreSQL, on any machine, and the servers with TITIAN_WORKER=external: each
    job is done once, and when a worker dies the others take over. On SQLite one is enough; it runs one job at
    a time.
    """
    settings = read_settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with opened(settings) as database:
        if not answers(database):
            raise click.ClickException("the database is not ready; run `titian init`")
        require_sealed(database)
        click.echo("Titian works on jobs. Stop with Ctrl+C.")
        with delivering(words_app(settings)):
            work_on_jobs(database, stop, concurrency, settings.worker_timeout)
