"""Running what is due: on one machine by a thread, on many by procrastinate; one job a transaction.

Law: the rows of ``job`` are the truth. A dispatcher only chooses when and where a job is run; told twice, too
early or too late, it does nothing wrong, and what it was not told of it finds.
"""

from engine.jobs.running import run_due_jobs

__all__ = ["run_due_jobs"]
