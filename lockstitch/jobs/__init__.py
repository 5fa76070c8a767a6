"""The queue: procrastinate's, in the same database, so that a job is as certain as its fact."""
